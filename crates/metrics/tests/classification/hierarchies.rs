//! Figures that know what is near.

use labelscope_metrics::Counts;
use labelscope_metrics::classification::Share;
use labelscope_metrics::hierarchy::{Hierarchy, HierarchyError, ancestor_figures, distance_figures};
use proptest::prelude::*;

/// 0 thing: 1 animal (3 cat, 4 dog (6 pug)), 2 toy (5 ball); a 7 toy dog is both dog and toy.
const THINGS: [(u32, u32); 8] = [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 4), (7, 4), (7, 2)];

fn things() -> Hierarchy {
    Hierarchy::new(8, &THINGS).unwrap()
}

#[test]
fn levels_and_what_is_broader() {
    let things = things();
    let depths: Vec<u32> = (0..8).map(|class| things.depth(class)).collect();
    assert_eq!(depths, [0, 1, 1, 2, 2, 2, 3, 3]);
    assert_eq!(things.ancestors(7).collect::<Vec<_>>(), [0, 1, 2, 4]);
    assert_eq!(things.ancestors(0).count(), 0);
    assert_eq!((things.classes(), things.top(), things.longest_distance()), (8, Some(0), 6));
}

#[test]
fn the_shortest_way_goes_over_what_is_broader_than_both() {
    let things = things();
    assert_eq!(things.distance(3, 3), Some(0));
    assert_eq!(things.distance(3, 4), Some(2));
    assert_eq!(things.distance(6, 1), Some(2));
    assert_eq!(things.distance(6, 5), Some(5));
    // Over the nearer of two ways up; a common narrower class is no way.
    assert_eq!((things.distance(7, 5), things.distance(7, 0)), (Some(2), Some(2)));
    assert_eq!(things.distance(4, 2), Some(3));
    assert!((things.credit(3, 4) - (1.0 - 2.0 / 6.0)).abs() < 1e-15);
    let apart = Hierarchy::new(4, &[(1, 0), (3, 2)]).unwrap();
    assert_eq!((apart.distance(1, 3), apart.credit(1, 3), apart.top()), (None, 0.0, None));
}

#[test]
fn what_is_broader_than_itself_is_refused_with_the_way_round() {
    let found = Hierarchy::new(5, &[(0, 1), (1, 2), (2, 3), (3, 1)]).unwrap_err();
    assert_eq!(found, HierarchyError::Cycle(vec![1, 2, 3]));
    assert_eq!(found.to_string(), "classes are broader than themselves: 1 → 2 → 3 → 1");
    assert_eq!(Hierarchy::new(1, &[(0, 0)]), Err(HierarchyError::Cycle(vec![0])));
    assert_eq!(Hierarchy::new(2, &[(0, 1), (1, 2)]), Err(HierarchyError::UnknownClass { pair: 1 }));
    assert_eq!(Hierarchy::new(2, &[(2, 1)]).unwrap_err().to_string(), "pairs[0] names a class that is not there");
    // Twice the same, and two ways to the same, are no way round.
    assert!(Hierarchy::new(4, &[(3, 1), (3, 2), (1, 0), (2, 0), (1, 0)]).is_ok());
}

#[test]
fn a_taxonomy_may_be_deep() {
    let edges: Vec<(u32, u32)> = (1..2000).map(|class| (class, class - 1)).collect();
    assert_eq!(Hierarchy::new(2000, &edges).unwrap().depth(1999), 1999);
}

#[test]
fn sets_with_all_that_is_broader() {
    // Truth pug (with dog, animal), said cat (with animal): one of two, and one of three. The thing is in no set.
    let figures = ancestor_figures(&things(), [(&[6][..], &[3][..])]);
    assert_eq!((figures.precision, figures.recall, figures.f1), (Some(0.5), Some(1.0 / 3.0), Some(0.4)));
    // Said animal of a cat: all that was said is right.
    let figures = ancestor_figures(&things(), [(&[3][..], &[1][..]), (&[][..], &[][..])]);
    assert_eq!((figures.precision, figures.recall), (Some(1.0), Some(0.5)));
    let nothing = ancestor_figures(&things(), [(&[3][..], &[][..])]);
    assert_eq!((nothing.precision, nothing.recall, nothing.f1), (None, Some(0.0), None));
    let wrong = ancestor_figures(&things(), [(&[3][..], &[5][..])]);
    assert_eq!((wrong.precision, wrong.f1), (Some(0.0), Some(0.0)));
}

#[test]
fn a_near_miss_earns_a_part() {
    // Dog for pug is one step of six, ball for cat four; a missed cat earns nothing.
    let inputs = [(&[6][..], &[4][..]), (&[3][..], &[5][..]), (&[3][..], &[][..])];
    let figures = distance_figures(&things(), inputs);
    let earned = (1.0 - 1.0 / 6.0) + (1.0 - 4.0 / 6.0);
    assert!((figures.precision.unwrap() - earned / 2.0).abs() < 1e-15);
    assert!((figures.recall.unwrap() - earned / 3.0).abs() < 1e-15);
    assert_eq!(distance_figures(&things(), []).f1, None);
}

#[test]
fn right_at_a_level() {
    let things = things();
    // Pug taken for toy dog: the same thing, the same animal, the same dog, not the same breed.
    let pairs = [(6, Some(7)), (6, None), (5, Some(7))];
    let right = |level| things.right_at_level(level, pairs);
    assert_eq!(right(0), Share { right: 2, of: 3 });
    assert_eq!(right(1), Share { right: 2, of: 3 });
    assert_eq!(right(2), Share { right: 1, of: 3 });
    assert_eq!(right(3), Share { right: 0, of: 2 });
    assert_eq!(right(4).value(), None);
}

/// Pairs that always lead to a lower number: no way round.
fn hierarchies() -> impl Strategy<Value = Hierarchy> {
    prop::collection::vec((1..12_u32, 0..12_u32), 0..25).prop_map(|pairs| {
        let pairs: Vec<(u32, u32)> = pairs.into_iter().map(|(a, b)| (a, b % a)).collect();
        Hierarchy::new(12, &pairs).unwrap()
    })
}

fn inputs() -> impl Strategy<Value = Vec<(Vec<u32>, Vec<u32>)>> {
    let set = || prop::collection::btree_set(0..12_u32, 0..4).prop_map(|set| set.into_iter().collect::<Vec<u32>>());
    prop::collection::vec((set(), set()), 0..10)
}

proptest! {
    #[test]
    fn distances_are_distances(hierarchy in hierarchies(), a in 0..12_u32, b in 0..12_u32) {
        let distance = hierarchy.distance(a, b);
        prop_assert_eq!(distance, hierarchy.distance(b, a));
        prop_assert_eq!(distance == Some(0), a == b);
        prop_assert!(distance.is_none_or(|d| d <= hierarchy.longest_distance()));
        prop_assert!((0.0..=1.0).contains(&hierarchy.credit(a, b)));
        prop_assert!(hierarchy.ancestors(a).all(|broad| hierarchy.depth(broad) < hierarchy.depth(a)));
        for level in 0..=hierarchy.depth(a) {
            prop_assert_eq!(hierarchy.right_at_level(level, [(a, Some(a))]), Share { right: 1, of: 1 });
        }
    }

    #[test]
    fn where_nothing_is_broader_both_are_the_usual_figures(inputs in inputs()) {
        let flat = Hierarchy::new(12, &[]).unwrap();
        let mut counts = Counts::default();
        for (truth, said) in &inputs {
            let right = truth.iter().filter(|class| said.contains(class)).count() as u64;
            counts.true_positives += right;
            counts.false_positives += said.len() as u64 - right;
            counts.false_negatives += truth.len() as u64 - right;
        }
        let views = || inputs.iter().map(|(truth, said)| (truth.as_slice(), said.as_slice()));
        for figures in [ancestor_figures(&flat, views()), distance_figures(&flat, views())] {
            prop_assert_eq!((figures.precision, figures.recall), (counts.precision(), counts.recall()));
        }
    }

    #[test]
    fn knowing_what_is_near_never_takes_from_a_distance_figure(hierarchy in hierarchies(), inputs in inputs()) {
        let views = || inputs.iter().map(|(truth, said)| (truth.as_slice(), said.as_slice()));
        let flat = distance_figures(&Hierarchy::new(12, &[]).unwrap(), views());
        let figures = distance_figures(&hierarchy, views());
        prop_assert!(figures.precision >= flat.precision && figures.recall >= flat.recall);
        prop_assert!(figures.precision.is_none_or(|p| p <= 1.0 + 1e-12));
        let perfect = ancestor_figures(&hierarchy, inputs.iter().map(|(truth, _)| (truth.as_slice(), truth.as_slice())));
        prop_assert!(perfect.f1.is_none_or(|f1| f1 == 1.0));
    }
}
