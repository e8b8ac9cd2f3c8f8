//! Which cases are learned from and which are held out.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use types::{Split, TestCaseCreate};

/// Cases by what they are for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cases {
    /// Learned from.
    pub train: Vec<TestCaseCreate>,
    /// For choosing the best checkpoint.
    pub dev: Vec<TestCaseCreate>,
    /// Never learned from, never chosen by: what the held-out numbers are over.
    pub held_out: Vec<TestCaseCreate>,
}

/// Splits `cases`. Where any case names a split, cases of `test` are held out, those of `dev` choose, and the others are
/// learned from. Where none does, a fifth drawn from `seed` is held out (of fewer than five cases, none).
pub fn split(cases: &[TestCaseCreate], seed: u64) -> Cases {
    let mut split = Cases::default();
    if cases.iter().any(|case| case.split.is_some()) {
        for case in cases {
            let part = match case.split {
                Some(Split::Test) => &mut split.held_out,
                Some(Split::Dev) => &mut split.dev,
                Some(Split::Train) | None => &mut split.train,
            };
            part.push(case.clone());
        }
        return split;
    }
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let (held_out, train) = order.split_at(cases.len() / 5);
    let pick = |mut indices: Vec<usize>| {
        indices.sort_unstable();
        indices.into_iter().map(|index| cases[index].clone()).collect()
    };
    split.held_out = pick(held_out.to_vec());
    split.train = pick(train.to_vec());
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str, split: Option<Split>) -> TestCaseCreate {
        TestCaseCreate { user_input: text.into(), split, ..TestCaseCreate::default() }
    }

    #[test]
    fn named_splits_are_kept() {
        let cases = [case("a", Some(Split::Test)), case("b", None), case("c", Some(Split::Dev))];
        let split = split(&cases, 0);
        assert_eq!(
            (split.held_out, split.train, split.dev),
            (vec![cases[0].clone()], vec![cases[1].clone()], vec![cases[2].clone()])
        );
    }

    #[test]
    fn without_names_a_fifth_is_held_out_by_the_seed() {
        let cases: Vec<_> = (0..10).map(|n| case(&n.to_string(), None)).collect();
        let (first, again, other) = (split(&cases, 1), split(&cases, 1), split(&cases, 2));
        assert_eq!((first.held_out.len(), first.train.len()), (2, 8));
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert!(split(&cases[..4], 1).held_out.is_empty());
    }
}
