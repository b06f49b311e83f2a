//! Classes and what is broader.

use std::collections::HashMap;
use std::fmt;

use crate::classification::Share;

/// Why pairs are no hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HierarchyError {
    /// The pair at this place names a class that there is not.
    UnknownClass {
        /// Its place among the pairs.
        pair: usize,
    },
    /// Going broader from the first of these classes one comes back to it: each is narrower than the next, the last than the
    /// first.
    Cycle(Vec<u32>),
}

impl fmt::Display for HierarchyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownClass { pair } => write!(f, "pairs[{pair}] names a class that is not there"),
            Self::Cycle(classes) => {
                let names: Vec<String> = classes.iter().chain(classes.first()).map(u32::to_string).collect();
                write!(f, "classes are broader than themselves: {}", names.join(" → "))
            }
        }
    }
}

impl std::error::Error for HierarchyError {}

/// Classes, of which some are broader than others: a graph without cycles, where a class may have several that are broader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Of each class: all that is broader, near or far, by class; and in how few steps.
    above: Vec<Vec<(u32, u32)>>,
    depth: Vec<u32>,
    /// The one class that is broader than all others.
    top: Option<u32>,
}

impl Hierarchy {
    /// From pairs of narrower and broader class, each below `classes`. A pair may come twice. O(classes × what is broader).
    pub fn new(classes: usize, pairs: &[(u32, u32)]) -> Result<Self, HierarchyError> {
        let mut broader: Vec<Vec<u32>> = vec![Vec::new(); classes];
        for (pair, (narrow, broad)) in pairs.iter().enumerate() {
            match broader.get_mut(*narrow as usize) {
                Some(list) if (*broad as usize) < classes => list.push(*broad),
                _ => return Err(HierarchyError::UnknownClass { pair }),
            }
        }
        let mut above: Vec<Vec<(u32, u32)>> = vec![Vec::new(); classes];
        let mut depth = vec![0; classes];
        for class in order(&broader)? {
            let mut steps: HashMap<u32, u32> = HashMap::new();
            let mut deepest = 0;
            for parent in broader.get(class as usize).into_iter().flatten() {
                let far = above.get(*parent as usize).into_iter().flatten().map(|(class, steps)| (*class, steps + 1));
                for (class, count) in far.chain([(*parent, 1)]) {
                    steps.entry(class).and_modify(|now| *now = count.min(*now)).or_insert(count);
                }
                deepest = deepest.max(depth.get(*parent as usize).map_or(0, |depth| depth + 1));
            }
            let mut list: Vec<(u32, u32)> = steps.into_iter().collect();
            list.sort_unstable();
            if let (Some(place), Some(level)) = (above.get_mut(class as usize), depth.get_mut(class as usize)) {
                *place = list;
                *level = deepest;
            }
        }
        let mut roots = (0..classes as u32).filter(|class| depth.get(*class as usize) == Some(&0));
        let top = roots.next().filter(|_| classes > 1 && roots.next().is_none());
        Ok(Self { above, depth, top })
    }

    /// How many there are.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.depth.len()
    }

    /// Steps of the longest way up to a class that has none broader; 0 of such a class. So whatever is broader lies higher, and
    /// on every level up to its own a class has something broader.
    #[must_use]
    pub fn depth(&self, class: u32) -> u32 {
        self.depth.get(class as usize).copied().unwrap_or(0)
    }

    /// All that is broader than a class, near or far, by class, the class itself not among them.
    pub fn ancestors(&self, class: u32) -> impl Iterator<Item = u32> + '_ {
        self.above.get(class as usize).into_iter().flatten().map(|(class, _)| *class)
    }

    /// A class and all that is broader, with the number of steps.
    fn upward(&self, class: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.above.get(class as usize).into_iter().flatten().copied().chain([(class, 0)])
    }

    /// The class that is broader than all others, if there is one.
    #[must_use]
    pub fn top(&self) -> Option<u32> {
        self.top
    }

    /// Steps of the shortest way from one class to another over a class that is broader than both or one of the two: up, then
    /// down. 0 of a class to itself; `None` where nothing is broader than both.
    #[must_use]
    pub fn distance(&self, a: u32, b: u32) -> Option<u32> {
        let (mut ours, mut theirs) = (self.walk(a), self.walk(b));
        let (mut left, mut right) = (ours.next(), theirs.next());
        let mut best: Option<u32> = None;
        while let (Some((x, up)), Some((y, down))) = (left, right) {
            if x == y {
                best = Some(best.map_or(up + down, |now| now.min(up + down)));
            }
            if x <= y {
                left = ours.next();
            }
            if y <= x {
                right = theirs.next();
            }
        }
        best
    }

    /// As [`Hierarchy::upward`], by class.
    fn walk(&self, class: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let list = self.above.get(class as usize).map(Vec::as_slice).unwrap_or_default();
        let (before, after) = list.split_at(list.partition_point(|(other, _)| *other < class));
        before.iter().copied().chain([(class, 0)]).chain(after.iter().copied())
    }

    /// The longest distance that two classes may have: twice the greatest depth.
    #[must_use]
    pub fn longest_distance(&self) -> u32 {
        2 * self.depth.iter().copied().max().unwrap_or(0)
    }

    /// 1 − d / dmax, 0 to 1: what a prediction earns at this distance from the truth, dmax being
    /// [`Hierarchy::longest_distance`]. 1 of a class to itself; 0 where nothing is broader than both.
    #[must_use]
    pub fn credit(&self, a: u32, b: u32) -> f64 {
        let longest = f64::from(self.longest_distance());
        match self.distance(a, b) {
            Some(0) => 1.0,
            Some(distance) if longest > 0.0 => (1.0 - f64::from(distance) / longest).max(0.0),
            _ => 0.0,
        }
    }

    /// Pairs of truth and prediction that are right at a level of depth (0 the broadest): both are, or are narrower than, the
    /// same class of this depth. Counted of the pairs whose truth reaches the level; a pair without a prediction is wrong.
    #[must_use]
    pub fn right_at_level(&self, level: u32, pairs: impl IntoIterator<Item = (u32, Option<u32>)>) -> Share {
        let mut share = Share::default();
        for (truth, prediction) in pairs.into_iter().filter(|(truth, _)| self.depth(*truth) >= level) {
            let at_level = |class: u32| self.upward(class).map(|(class, _)| class).filter(|c| self.depth(*c) == level);
            share.of += 1;
            let right =
                prediction.is_some_and(|prediction| at_level(truth).any(|c| at_level(prediction).any(|d| c == d)));
            share.right += u64::from(right);
        }
        share
    }
}

/// Classes so that what is broader comes before what is narrower.
fn order(broader: &[Vec<u32>]) -> Result<Vec<u32>, HierarchyError> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; broader.len()];
    let mut out = Vec::with_capacity(broader.len());
    // A stack of its own: taxonomies may be deep.
    let mut way: Vec<(u32, usize)> = Vec::new();
    for start in 0..broader.len() as u32 {
        if states.get(start as usize) == Some(&State::New) {
            way.push((start, 0));
        }
        while let Some((class, next)) = way.last_mut() {
            let class = *class;
            let parent = broader.get(class as usize).and_then(|list| list.get(*next)).copied();
            *next += 1;
            if let Some(state) = states.get_mut(class as usize) {
                *state = if parent.is_some() { State::Open } else { State::Done };
            }
            match parent {
                None => {
                    out.push(class);
                    way.pop();
                }
                Some(parent) => match states.get(parent as usize) {
                    Some(State::Open) => {
                        let loop_start = way.iter().position(|(class, _)| *class == parent).unwrap_or(0);
                        return Err(HierarchyError::Cycle(
                            way.iter().skip(loop_start).map(|(class, _)| *class).collect(),
                        ));
                    }
                    Some(State::New) => way.push((parent, 0)),
                    _ => {}
                },
            }
        }
    }
    Ok(out)
}
