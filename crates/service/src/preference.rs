//! What people preferred, as pairs for preference training: to one prompt an answer and one that was worse, as TRL reads
//! them (`prompt`, `chosen`, `rejected`, each a list of messages).
//!
//! A corrected answer is better than the one it corrects; the winner of a vote is better than those beside it, where all
//! of them were asked the same after the same.

use crate::{Result, Service};
use serde_json::{Value, json};
use types::{Conversation, Error, Feedback, Message, Page, Role, Verdict, Vote, branch};

/// Opinions or votes read at once.
const AT_ONCE: u32 = 50;

/// An export of pairs under way: how many corrections or votes were read.
#[derive(Clone, Copy)]
pub(crate) enum Preferences {
    Corrections(u32),
    Votes(u32),
    Done,
}

impl Preferences {
    /// The next lines, maybe none; `None` after the last.
    pub(crate) async fn lines(&mut self, service: &Service) -> Result<Option<String>> {
        let page = |skip| Page { skip, limit: AT_ONCE };
        let mut lines = String::new();
        match *self {
            Self::Corrections(skip) => {
                let found = service.store().feedback_list(page(skip)).await?.items;
                *self = if found.is_empty() { Self::Votes(0) } else { Self::Corrections(skip + AT_ONCE) };
                for opinion in found {
                    lines.extend(corrected(service, opinion).await?);
                }
            }
            Self::Votes(skip) => {
                let found = service.store().vote_list(page(skip)).await?.items;
                *self = if found.is_empty() { Self::Done } else { Self::Votes(skip + AT_ONCE) };
                for vote in found {
                    lines.extend(voted(service, &vote).await?);
                }
            }
            Self::Done => return Ok(None),
        }
        Ok(Some(lines))
    }
}

/// The pair of a corrected answer.
async fn corrected(service: &Service, opinion: Feedback) -> Result<Option<String>> {
    let Some(corrected) = opinion.corrected.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let Some(conversation) = service.store().message_conversation(opinion.message_id).await? else { return Ok(None) };
    let mut said = branch(service.store().message_list(conversation).await?, Some(opinion.message_id));
    // The branch goes on to its latest leaf.
    let place = said.iter().position(|message| message.id == opinion.message_id);
    said.truncate(place.map_or(0, |place| place + 1));
    let Some(answer) = said.pop().filter(|answer| answer.role == Role::Assistant) else { return Ok(None) };
    Ok((corrected != answer.content).then(|| pair(&said, &corrected, &answer.content)))
}

/// The pairs of a vote that has a winner.
async fn voted(service: &Service, vote: &Vote) -> Result<Vec<String>> {
    let mut better = None;
    let mut worse = Vec::new();
    for candidate in vote.draft.candidates.iter().filter(|_| vote.draft.verdict == Verdict::Winner) {
        let found = match service.conversation_get(candidate.conversation_id).await {
            Ok(conversation) => asked(conversation, vote),
            // A conversation that was deleted since.
            Err(Error::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        match found {
            Some(found) if Some(candidate.agent_id) == vote.draft.winner => better = Some(found),
            found => worse.extend(found),
        }
    }
    let Some((prompt, chosen)) = better else { return Ok(Vec::new()) };
    let same = |other: &[Message]| shown(other) == shown(&prompt);
    let pairs = worse.iter().filter(|(other, answer)| same(other) && *answer != chosen);
    Ok(pairs.map(|(_, rejected)| pair(&prompt, &chosen, rejected)).collect())
}

/// What an agent of a vote was asked, with all before it, and what it answered.
fn asked(conversation: Conversation, vote: &Vote) -> Option<(Vec<Message>, String)> {
    let mut said = conversation.messages;
    let is_question = |message: &Message| {
        let before = message.created_at <= vote.created_at;
        before && message.role == Role::User && message.content == vote.draft.question
    };
    let place = said.iter().rposition(is_question)?;
    said.truncate(place + 2);
    let answer = said.pop().filter(|answer| answer.role == Role::Assistant)?;
    Some((said, answer.content))
}

fn shown(messages: &[Message]) -> Value {
    messages.iter().map(|message| json!({"role": message.role, "content": message.content})).collect()
}

fn pair(prompt: &[Message], chosen: &str, rejected: &str) -> String {
    let answer = |text: &str| json!([{"role": "assistant", "content": text}]);
    format!("{}\n", json!({"prompt": shown(prompt), "chosen": answer(chosen), "rejected": answer(rejected)}))
}
