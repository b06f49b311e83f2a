//! Time, on both targets under the same names.

#[cfg(target_family = "wasm")]
mod imp {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        // Both the window and a worker have it, under the same name.
        #[wasm_bindgen(js_name = setTimeout)]
        fn set_timeout(f: &js_sys::Function, ms: i32) -> JsValue;
        #[wasm_bindgen(js_name = clearTimeout)]
        fn clear_timeout(timer: &JsValue);
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn performance_now() -> f64;
    }

    /// Milliseconds of a clock that only goes forward.
    #[must_use]
    pub fn now_ms() -> f64 {
        performance_now()
    }

    /// A timer that ends with who waits for it: one that is left behind would keep a program in Node alive.
    #[derive(Default)]
    struct Timer(Option<JsValue>);

    impl Drop for Timer {
        fn drop(&mut self) {
            if let Some(timer) = &self.0 {
                clear_timeout(timer);
            }
        }
    }

    /// Waits.
    pub async fn sleep_ms(ms: u64) {
        // A browser's timer holds 31 bits and fires at once above that.
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let mut timer = Timer::default();
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            timer.0 = Some(set_timeout(&resolve, ms));
        });
        let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    }
}

#[cfg(not(target_family = "wasm"))]
mod imp {
    use std::sync::OnceLock;
    use std::time::Instant;

    /// Milliseconds of a clock that only goes forward.
    #[must_use]
    pub fn now_ms() -> f64 {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
    }

    /// Waits.
    pub async fn sleep_ms(ms: u64) {
        #[cfg(feature = "native")]
        tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
        #[cfg(not(feature = "native"))]
        std::thread::sleep(std::time::Duration::from_millis(ms));
    }
}

pub use imp::{now_ms, sleep_ms};

/// A number in 0..1 from the clock's smallest digits: good enough to spread retries.
pub(crate) fn jitter() -> f64 {
    let bits = now_ms().to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (bits >> 11) as f64 / (1u64 << 53) as f64
}
