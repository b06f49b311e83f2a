//! Charts: each draws what it is given, tells it in words too, and has a table as its twin.
