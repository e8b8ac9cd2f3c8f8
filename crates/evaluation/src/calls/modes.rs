//! How the calls that were made must stand to those expected, found by name.
//!
//! With E expected and A made calls, of which M are paired:
//!
//! | mode | passes when | value |
//! |---|---|---|
//! | `any_order` | the same calls | M / max(E, A) |
//! | `exact_order` | the same calls in the same order | M / max(E, A) |
//! | `in_order` | those expected, in their order; others between them | M / E |
//! | `superset` | those expected, in any order; others beside them | M / E |
//! | `subset` | none but those expected; some may be left out | M / A |

use super::{matching, ratio};
use types::CALL_MODE;

/// Which call was made for each expected one, and how good that is.
#[derive(Clone, PartialEq, Debug)]
pub struct Paired {
    /// For each expected call, the one that was made.
    pub found: Vec<Option<usize>>,
    /// 0 to 1.
    pub value: f64,
}

/// Pairs `expected` with `made` calls, at least one of them expected; the last says whether one fits the other.
pub type Mode = fn(usize, usize, &dyn Fn(usize, usize) -> bool) -> Paired;

const MODES: [(&str, Mode); 5] = [
    (CALL_MODE, |expected, made, fits| same(most(expected, made, fits), made)),
    ("exact_order", |expected, made, fits| {
        same((0..expected).map(|place| (place < made && fits(place, place)).then_some(place)).collect(), made)
    }),
    ("in_order", |expected, made, fits| all_of(matching::in_order(expected, made, fits))),
    ("subset", |expected, made, fits| {
        let found = most(expected, made, fits);
        let value = if made == 0 { 1.0 } else { ratio(found.iter().flatten().count(), made) };
        Paired { found, value }
    }),
    ("superset", |expected, made, fits| all_of(most(expected, made, fits))),
];

/// The mode called `name`.
pub fn mode(name: &str) -> Option<Mode> {
    MODES.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode)
}

/// The names of the modes.
pub fn modes() -> impl Iterator<Item = &'static str> {
    MODES.iter().map(|(name, _)| *name)
}

fn most(expected: usize, made: usize, fits: &dyn Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let (expected, made): (Vec<usize>, Vec<usize>) = ((0..expected).collect(), (0..made).collect());
    matching::maximum(&expected, &made, |expected, made| fits(*expected, *made))
}

fn same(found: Vec<Option<usize>>, made: usize) -> Paired {
    let value = ratio(found.iter().flatten().count(), found.len().max(made));
    Paired { found, value }
}

fn all_of(found: Vec<Option<usize>>) -> Paired {
    let value = ratio(found.iter().flatten().count(), found.len());
    Paired { found, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(name: &str, expected: &[u8], made: &[u8]) -> f64 {
        mode(name).unwrap()(expected.len(), made.len(), &|e, a| expected[e] == made[a]).value
    }

    #[test]
    fn modes_differ_in_order_and_in_what_may_be_more_or_less() {
        //                 any  exact in   sub  super
        for (made, values) in [
            (&[1, 2][..], [1.0, 1.0, 1.0, 1.0, 1.0]),
            (&[2, 1], [1.0, 0.0, 0.5, 1.0, 1.0]),
            (&[1, 3, 2], [2.0 / 3.0, 1.0 / 3.0, 1.0, 2.0 / 3.0, 1.0]),
            (&[2, 3, 1], [2.0 / 3.0, 0.0, 0.5, 2.0 / 3.0, 1.0]),
            (&[2], [0.5, 0.0, 0.5, 1.0, 0.5]),
            (&[], [0.0, 0.0, 0.0, 1.0, 0.0]),
        ] {
            let found: Vec<f64> = modes().map(|name| value(name, &[1, 2], made)).collect();
            assert_eq!(found, values, "{made:?}");
        }
    }

    proptest! {
        #[test]
        fn stricter_modes_pass_less(
            expected in prop::collection::vec(0_u8..4, 1..6), made in prop::collection::vec(0_u8..4, 0..6)
        ) {
            let passes = |name: &str| value(name, &expected, &made) >= 1.0;
            prop_assert_eq!(passes("exact_order"), expected == made);
            let (mut one, mut other) = (expected.clone(), made.clone());
            one.sort_unstable();
            other.sort_unstable();
            prop_assert_eq!(passes("any_order"), one == other);
            prop_assert_eq!(passes("any_order"), passes("subset") && passes("superset"));
            prop_assert!(!passes("in_order") || passes("superset"));
            let mut left = made.iter();
            let in_order = expected.iter().all(|wanted| left.any(|made| made == wanted));
            prop_assert_eq!(passes("in_order"), in_order);
            for name in modes() {
                prop_assert!((0.0..=1.0).contains(&value(name, &expected, &made)));
            }
        }
    }
}
