use super::Context;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Between two looks at what is in work.
const PAUSE_MS: u64 = 1000;

/// Raises `tick` about every second for as long as something is in work: for APIs that do not tell by themselves.
pub(crate) fn tick_while(tick: RwSignal<u32>, active: impl Fn() -> bool + 'static) {
    let waiting = StoredValue::new(false);
    Effect::new(move |_| {
        tick.track();
        if !active() || waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        spawn_local(async move {
            labelscope_client::sleep_ms(PAUSE_MS).await;
            let _ = waiting.try_set_value(false);
            tick.try_update(|n| *n += 1);
        });
    });
}

/// Raises `tick` while one thing is in work. What it has changed shows on the pages around it once it is over.
pub(crate) fn tick_to_end(context: Context, tick: RwSignal<u32>, runs: Memo<bool>) {
    tick_while(tick, move || runs.get());
    Effect::new(move |before: Option<bool>| {
        let now = runs.get();
        if before == Some(true) && !now {
            context.revision.try_update(|n| *n += 1);
        }
        now
    });
}
