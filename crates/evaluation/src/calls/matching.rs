//! Matching of what is expected to what there is: the most pairs, in any order or in the order of both.
//!
//! Greedy matching is wrong: expecting `x ∈ {1, 2}` and `x ∈ {1}`, the calls `x = 1` and `x = 2` must both be matched.

/// For each of `left`, its partner among `right` in a matching of the most pairs (augmenting paths; Kuhn 1955, Berge
/// 1957). O(left · pairs).
pub fn maximum<L, R>(left: &[L], right: &[R], matches: impl Fn(&L, &R) -> bool) -> Vec<Option<usize>> {
    let partners: Vec<Vec<usize>> = left
        .iter()
        .map(|l| right.iter().enumerate().filter(|(_, r)| matches(l, r)).map(|(place, _)| place).collect())
        .collect();
    let mut taken_by: Vec<Option<usize>> = vec![None; right.len()];
    for start in 0..left.len() {
        let mut visited = vec![false; right.len()];
        augment(start, &partners, &mut taken_by, &mut visited);
    }
    let mut matched = vec![None; left.len()];
    for (place, owner) in taken_by.iter().enumerate() {
        if let Some(slot) = owner.and_then(|owner| matched.get_mut(owner)) {
            *slot = Some(place);
        }
    }
    matched
}

/// Finds a partner for `seeker`, moving earlier partners aside. As deep as there are expected calls, or items of a
/// set: at most 300.
fn augment(seeker: usize, partners: &[Vec<usize>], taken_by: &mut [Option<usize>], visited: &mut [bool]) -> bool {
    for &place in partners.get(seeker).into_iter().flatten() {
        let Some(seen) = visited.get_mut(place) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        let owner = taken_by.get(place).copied().flatten();
        if owner.is_none_or(|owner| augment(owner, partners, taken_by, visited)) {
            if let Some(slot) = taken_by.get_mut(place) {
                *slot = Some(seeker);
            }
            return true;
        }
    }
    false
}

/// For each of `left`, its partner among `right`, of the most pairs that keep the order of both. O(left · right).
pub fn in_order(left: usize, right: usize, matches: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let fits: Vec<Vec<bool>> = (0..left).map(|l| (0..right).map(|r| matches(l, r)).collect()).collect();
    let fits = |l: usize, r: usize| fits.get(l).and_then(|row| row.get(r)).copied().unwrap_or(false);
    // most[l][r]: pairs among what is left from `l` and `r` on.
    let mut most = vec![vec![0_usize; right + 1]; left + 1];
    let at = |most: &[Vec<usize>], l: usize, r: usize| most.get(l).and_then(|row| row.get(r)).copied().unwrap_or(0);
    for l in (0..left).rev() {
        for r in (0..right).rev() {
            let paired = if fits(l, r) { 1 + at(&most, l + 1, r + 1) } else { 0 };
            let best = paired.max(at(&most, l + 1, r)).max(at(&most, l, r + 1));
            if let Some(slot) = most.get_mut(l).and_then(|row| row.get_mut(r)) {
                *slot = best;
            }
        }
    }
    let (mut found, mut l, mut r) = (vec![None; left], 0, 0);
    while l < left && r < right {
        if fits(l, r) && at(&most, l, r) == 1 + at(&most, l + 1, r + 1) {
            if let Some(slot) = found.get_mut(l) {
                *slot = Some(r);
            }
            (l, r) = (l + 1, r + 1);
        } else if at(&most, l + 1, r) >= at(&most, l, r + 1) {
            l += 1;
        } else {
            r += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greedy_choice_is_undone_where_that_matches_more() {
        // Expecting x ∈ {1, 2} and x ∈ {1}; calls 1 and 2. Greedy takes 1 for the first and leaves nothing.
        let expected = [vec![1, 2], vec![1]];
        let found = maximum(&expected, &[1, 2], |choices, value| choices.contains(value));
        assert_eq!(found, [Some(1), Some(0)]);
    }

    #[test]
    fn a_longer_chain_is_rearranged() {
        // a–{0,1}, b–{0,2}, c–{0}: only a→1, b→2, c→0 matches all.
        let found = maximum(&[vec![0, 1], vec![0, 2], vec![0]], &[0, 1, 2], |choices, value| choices.contains(value));
        assert_eq!(found, [Some(1), Some(2), Some(0)]);
    }

    #[test]
    fn without_a_perfect_matching_the_most_pairs_are_found() {
        let found = maximum(&[vec![0], vec![0], vec![5]], &[0], |choices, value| choices.contains(value));
        assert_eq!(found.iter().flatten().count(), 1);
        assert!(maximum(&[] as &[Vec<i32>], &[1], |_, _| true).is_empty());
    }

    #[test]
    fn pairs_in_order_do_not_cross() {
        let pairs = |left: &[i32], right: &[i32]| in_order(left.len(), right.len(), |l, r| left[l] == right[r]);
        assert_eq!(pairs(&[1, 2], &[3, 1, 3, 2]), [Some(1), Some(3)]);
        assert_eq!(pairs(&[1, 2], &[2, 1]).iter().flatten().count(), 1);
        assert_eq!(pairs(&[1, 2, 3], &[2, 3, 1]), [None, Some(0), Some(1)]);
        assert!(pairs(&[], &[1]).is_empty());
    }
}
