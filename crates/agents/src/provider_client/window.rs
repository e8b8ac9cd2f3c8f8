//! The part of a conversation that is sent: the newest that fits, because a model reads only so much at once.
//!
//! Left out oldest first: earlier messages, then earlier steps of this turn. The question is always sent, a call never
//! without its result, an answer never without its question. Counted in characters, since every model counts its tokens
//! its own way; four characters of English are about one.

use crate::tool_loop::Item;
use types::Role;

/// What is sent, in order, and whether something was left out.
pub struct Window<'a> {
    /// The items that fit.
    pub items: Vec<&'a Item>,
    /// Whether older ones did not.
    pub is_cut: bool,
}

/// The newest items of at most `chars_max` characters, and the question whatever its length.
pub fn window(items: &[Item], chars_max: usize) -> Window<'_> {
    let question = items.iter().rposition(|item| matches!(item, Item::Message { role: Role::User, .. })).unwrap_or(0);
    let (history, turn) = items.split_at(question);
    let (question, steps) = turn.split_at(turn.len().min(1));
    let mut room = chars_max.saturating_sub(length(question));
    let steps_from = fitting(steps, starts_step, &mut room);
    // What comes before a step that was left out would leave a gap in the middle.
    let history_from = if steps_from == 0 { fitting(history, starts_exchange, &mut room) } else { history.len() };
    let kept = [history.get(history_from..), Some(question), steps.get(steps_from..)];
    let items: Vec<&Item> = kept.into_iter().flatten().flatten().collect();
    Window { is_cut: history_from + steps_from > 0, items }
}

/// Where the newest groups that fit into `room` begin; they are taken off it.
fn fitting(items: &[Item], starts: fn(&[Item], usize) -> bool, room: &mut usize) -> usize {
    let mut from = items.len();
    while let Some(start) = (0..from).rev().find(|place| starts(items, *place)) {
        let Some(rest) = room.checked_sub(length(items.get(start..from).unwrap_or_default())) else { break };
        *room = rest;
        from = start;
    }
    from
}

/// What the model said begins a step, unless it goes on saying it; so does the first item, whatever it is.
fn starts_step(items: &[Item], place: usize) -> bool {
    let is_output = |place: usize| matches!(items.get(place), Some(Item::Output(_)));
    place.checked_sub(1).is_none_or(|before| is_output(place) && !is_output(before))
}

/// A question begins an exchange; so does the first item, whatever it is.
fn starts_exchange(items: &[Item], place: usize) -> bool {
    place == 0 || matches!(items.get(place), Some(Item::Message { role: Role::User, .. }))
}

fn length(items: &[Item]) -> usize {
    let characters = |item: &Item| match item {
        Item::Message { text, .. } => text.chars().count(),
        Item::Output(output) => output.to_string().chars().count(),
        Item::CallResult { output, .. } => output.chars().count(),
    };
    items.iter().map(characters).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(role: Role, text: &str) -> Item {
        Item::Message { role, text: text.into() }
    }

    fn result(output: &str) -> Item {
        Item::CallResult { call_id: "c".into(), output: output.into() }
    }

    /// Two exchanges of 4 + 6 characters, a question of 5, two steps of 3 + 10 and of 3 + 3 + 1 + 1.
    fn conversation() -> Vec<Item> {
        vec![
            said(Role::User, "ask1"),
            said(Role::Assistant, "reply1"),
            said(Role::User, "ask2"),
            said(Role::Assistant, "reply2"),
            said(Role::User, "now??"),
            Item::Output(json!("a")),
            result("0123456789"),
            Item::Output(json!("b")),
            Item::Output(json!("c")),
            result("1"),
            result("2"),
        ]
    }

    fn check(chars_max: usize, expected: &[usize]) {
        let items = conversation();
        let window = window(&items, chars_max);
        let expected: Vec<&Item> = expected.iter().map(|place| &items[*place]).collect();
        assert_eq!(window.items, expected, "{chars_max}");
        assert_eq!(window.is_cut, expected.len() < items.len(), "{chars_max}");
    }

    #[test]
    fn the_oldest_is_left_out_first_and_nothing_is_torn_apart() {
        check(46, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        check(45, &[2, 3, 4, 5, 6, 7, 8, 9, 10]);
        check(35, &[4, 5, 6, 7, 8, 9, 10]);
        check(26, &[4, 5, 6, 7, 8, 9, 10]);
        check(25, &[4, 7, 8, 9, 10]);
        check(13, &[4, 7, 8, 9, 10]);
        check(12, &[4]);
        check(0, &[4]);
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let items = [said(Role::User, "éé"), said(Role::User, "é")];
        assert!(!window(&items, 3).is_cut);
        assert!(window(&items, 2).is_cut);
    }
}
