//! The messages of a conversation as a tree: a question asked anew and an answer given again stand beside the first one.

use crate::{Message, MessageId};
use std::collections::{HashMap, HashSet};

/// The branch of `messages` (all of a conversation, oldest first) that ends with `leaf`, from its beginning, each message
/// with its `siblings`. Without a known leaf it is the branch of the latest message.
pub fn branch(messages: Vec<Message>, leaf: Option<MessageId>) -> Vec<Message> {
    let known = leaf.filter(|leaf| messages.iter().any(|message| message.id == *leaf));
    let mut next = known.or_else(|| messages.last().map(|message| message.id));
    let mut siblings: HashMap<Option<MessageId>, Vec<MessageId>> = HashMap::new();
    for message in &messages {
        siblings.entry(message.parent_id).or_default().push(message.id);
    }
    let mut by_id: HashMap<MessageId, Message> = messages.into_iter().map(|message| (message.id, message)).collect();
    let mut path = Vec::new();
    // Taken out of the map: a circle, which nothing makes, would end too.
    while let Some(mut message) = next.and_then(|id| by_id.remove(&id)) {
        next = message.parent_id;
        message.siblings = siblings.get(&message.parent_id).filter(|all| all.len() > 1).cloned().unwrap_or_default();
        path.push(message);
    }
    path.reverse();
    path
}

/// The end of the latest branch that goes through `through`.
pub fn latest_leaf(messages: &[Message], through: MessageId) -> MessageId {
    // Children come after their parents, so one look at each in order is enough, and the last found has no child.
    let mut below = HashSet::from([through]);
    let found = messages.iter().filter(|message| {
        let belongs = message.parent_id.is_some_and(|parent| below.contains(&parent));
        belongs && below.insert(message.id)
    });
    found.last().map_or(through, |message| message.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConversationId, Role, Timestamp};
    use uuid::Uuid;

    fn id(number: u128) -> MessageId {
        MessageId(Uuid::from_u128(number))
    }

    /// question 1 ─ answer 2 ─ question 5 ─ answer 6
    ///            └ answer 3 ─ question 7
    /// question 4 (asked instead of 1)
    fn tree() -> Vec<Message> {
        [(1, None), (2, Some(1)), (3, Some(1)), (4, None), (5, Some(2)), (6, Some(5)), (7, Some(3))]
            .map(|(number, parent)| Message {
                id: id(number),
                conversation_id: ConversationId(Uuid::nil()),
                role: Role::User,
                content: String::new(),
                sequence_num: i64::try_from(number).unwrap(),
                created_at: Timestamp::from_millis(0),
                tool_calls: Vec::new(),
                parent_id: parent.map(id),
                siblings: Vec::new(),
                usage: None,
            })
            .into()
    }

    fn path(leaf: Option<u128>) -> Vec<u128> {
        branch(tree(), leaf.map(id)).iter().map(|message| message.id.0.as_u128()).collect()
    }

    #[test]
    fn a_branch_runs_from_the_beginning_to_its_leaf() {
        assert_eq!(path(Some(6)), [1, 2, 5, 6]);
        assert_eq!(path(Some(3)), [1, 3]);
        assert_eq!(path(Some(4)), [4]);
        assert_eq!(path(None), [1, 3, 7]);
        assert_eq!(path(Some(99)), [1, 3, 7]);
        assert!(branch(Vec::new(), None).is_empty());
    }

    #[test]
    fn siblings_are_told_oldest_first_and_an_only_message_has_none() {
        let siblings: Vec<_> = branch(tree(), Some(id(6))).into_iter().map(|message| message.siblings).collect();
        assert_eq!(siblings, [vec![id(1), id(4)], vec![id(2), id(3)], vec![], vec![]]);
    }

    #[test]
    fn a_message_leads_to_the_end_of_its_latest_branch() {
        assert_eq!(latest_leaf(&tree(), id(2)), id(6));
        assert_eq!(latest_leaf(&tree(), id(1)), id(7));
        assert_eq!(latest_leaf(&tree(), id(4)), id(4));
    }
}
