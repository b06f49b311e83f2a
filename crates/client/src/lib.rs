//! Sends operations: transport, retry, throttle, paging, polling.
