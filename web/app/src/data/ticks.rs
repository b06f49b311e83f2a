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
