use super::*;
use labelscope_messages::evaluation::Settings;

fn overview(inputs: u32) -> Overview {
    Overview { inputs, ..Overview::default() }
}

fn figures(run: &str) -> Explore {
    Explore::Figures { run: run.to_owned(), at: Settings::default() }
}

/// A page that waits.
fn page() -> RwSignal<Opening> {
    RwSignal::new(Opening::Coming(0, 0))
}

fn new(run: &str) -> Begun {
    Begun::New { forget: vec![run.to_owned()] }
}

fn inside(test: impl FnOnce()) {
    let owner = Owner::new();
    owner.with(test);
}

#[test]
fn two_pages_wait_for_one_test_set_and_both_are_told() {
    inside(|| {
        let (mut held, first, second) = (Held::default(), page(), page());
        assert_eq!(held.begin("a", "1", first), new("a"));
        assert!(held.progress("a", 1, 3));
        assert_eq!(held.begin("a", "1", second), Begun::Waiting);
        assert_eq!(second.get_untracked(), Opening::Coming(1, 3));
        assert!(!held.has_all(&figures("a")));
        held.end("a", Opening::Open(overview(7)));
        assert_eq!(first.get_untracked(), Opening::Open(overview(7)));
        assert_eq!(second.get_untracked(), Opening::Open(overview(7)));
        assert!(held.has_all(&figures("a")) && !held.has_all(&figures("b")));
    });
}

#[test]
fn what_is_there_is_not_brought_again_unless_it_was_done_anew() {
    inside(|| {
        let mut held = Held::default();
        held.begin("a", "1", page());
        held.end("a", Opening::Open(overview(7)));
        assert_eq!(held.begin("a", "1", page()), Begun::Open(overview(7)));
        assert_eq!(held.begin("a", "2", page()), new("a"));
        assert!(!held.has_all(&figures("a")));
    });
}

#[test]
fn what_did_not_come_is_tried_again() {
    inside(|| {
        let (mut held, waiting) = (Held::default(), page());
        held.begin("a", "1", waiting);
        held.end("a", Opening::Failed("no way".to_owned()));
        assert_eq!(waiting.get_untracked(), Opening::Failed("no way".to_owned()));
        assert_eq!(held.begin("a", "1", waiting), new("a"));
        assert_eq!(waiting.get_untracked(), Opening::Coming(0, 0));
    });
}

#[test]
fn what_a_worker_lost_is_brought_again_once() {
    inside(|| {
        let mut held = Held::default();
        held.begin("a", "1", page());
        held.end("a", Opening::Open(overview(7)));
        held.lost();
        assert!(!held.has_all(&figures("a")));
        assert_eq!((held.losses(), held.begin("a", "1", page())), (1, new("a")));
        held.end("a", Opening::Open(overview(7)));
        held.lost();
        assert_eq!(held.begin("a", "1", page()), Begun::Never);
        // Done anew it is another.
        assert_eq!(held.begin("a", "2", page()), new("a"));
    });
}

#[test]
fn who_has_left_is_told_nothing_and_nothing_more_is_fetched() {
    inside(|| {
        let (mut held, waiting) = (Held::default(), page());
        held.begin("a", "1", waiting);
        held.leave(waiting);
        assert!(!held.progress("a", 1, 3));
        held.end("a", Opening::Open(overview(7)));
        assert_eq!(waiting.get_untracked(), Opening::Coming(0, 0));
    });
}

#[test]
fn the_oldest_that_nobody_looks_at_makes_room() {
    inside(|| {
        let (mut held, seen) = (Held::default(), page());
        for i in 0..KEPT {
            let run = i.to_string();
            let waiting = page();
            held.begin(&run, "1", if i == 0 { seen } else { waiting });
            held.end(&run, Opening::Open(overview(1)));
            held.leave(waiting);
        }
        let forget = vec!["more".to_owned(), "1".to_owned()];
        assert_eq!(held.begin("more", "1", page()), Begun::New { forget });
        assert!(held.has_all(&figures("0")) && !held.has_all(&figures("1")));
    });
}
