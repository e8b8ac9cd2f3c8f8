//! Turns under way. A turn belongs to the service and not to who watches it: it goes on when its reader leaves, and any
//! reader of the conversation can follow it from the frame it saw last.
//!
//! What must stay true: a conversation has one turn at a time; frames of a conversation are numbered upwards over all its
//! turns; the log of a turn is bounded, and kept for a while after its end, when the stored message is the truth.

use serde_json::{Map, Value};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use types::{ChatFrame, ConversationId, MessageId, NumberedFrame, UnderWay};

/// How long the log of a turn is kept after its end.
const KEPT: Duration = Duration::from_secs(60);
/// Most logs kept after their end.
const KEPT_MAX: usize = 32;
/// Most frames of a log. Pieces of the answer that come later are not told: its last frame has the whole answer.
const FRAMES_MAX: usize = 8192;
/// Most bytes of a log's pieces of text.
const TEXT_BYTES_MAX: usize = 512 * 1024;
/// The numbers of a turn's frames begin at its question's place in the conversation, shifted by so many bits.
const FRAME_BITS: u32 = 20;

/// One turn: what it told so far, and how to stop it.
pub struct LiveTurn {
    log: Mutex<Log>,
    /// How many frames there are.
    told: watch::Sender<usize>,
    /// Stops it.
    pub cancel: CancellationToken,
}

struct Log {
    question: Option<MessageId>,
    first_seq: i64,
    /// The number after the last one that the conversation's turn before this one gave.
    free_seq: i64,
    frames: Vec<ChatFrame>,
    text_bytes: usize,
    ended: bool,
}

impl Log {
    fn next_seq(&self) -> i64 {
        self.first_seq.saturating_add(i64::try_from(self.frames.len()).unwrap_or(i64::MAX))
    }
}

impl LiveTurn {
    /// A turn that has told nothing yet; `cancel` stops it.
    pub fn new(cancel: CancellationToken) -> Arc<Self> {
        let log = Log { question: None, first_seq: 1, free_seq: 1, frames: Vec::new(), text_bytes: 0, ended: false };
        Arc::new(Self { log: Mutex::new(log), told: watch::Sender::new(0), cancel })
    }

    /// The question is stored: frames are numbered from its place in the conversation on. A question that is answered once
    /// more, after an attempt that stored nothing, has the same place: then on from where that attempt stopped.
    pub fn answers(&self, question: MessageId, place: i64) {
        let mut log = lock(&self.log);
        log.question = Some(question);
        log.first_seq = ((place << FRAME_BITS) + 1).max(log.free_seq);
    }

    /// The conversation, once the question is stored.
    pub fn conversation(&self) -> Option<ConversationId> {
        lock(&self.log).frames.iter().find_map(|frame| match frame {
            ChatFrame::Ack { conversation_id, .. } => Some(*conversation_id),
            _ => None,
        })
    }

    /// Adds a frame, and wakes who watches.
    pub fn tell(&self, frame: ChatFrame) {
        let mut log = lock(&self.log);
        if let ChatFrame::Token { text } = &frame {
            log.text_bytes += text.len();
            if log.text_bytes > TEXT_BYTES_MAX || log.frames.len() >= FRAMES_MAX {
                return;
            }
        }
        log.ended = matches!(frame, ChatFrame::Response { .. } | ChatFrame::Error { .. });
        log.frames.push(frame);
        self.told.send_replace(log.frames.len());
    }

    /// Waits until this call was told of: what an agent does comes by a way of its own. A second at most, for an agent of
    /// another process may tell of its calls late.
    pub async fn announced(&self, tool: &str, arguments: &Map<String, Value>) {
        let mut told = self.told.subscribe();
        let is_this = |frame: &ChatFrame| match frame {
            ChatFrame::ToolCall { tool_name, arguments: Some(given), .. } => tool_name == tool && given == arguments,
            _ => false,
        };
        let wait = async { while !lock(&self.log).frames.iter().any(is_this) && told.changed().await.is_ok() {} };
        // Told of or not, the question is asked.
        let _ = tokio::time::timeout(Duration::from_secs(1), wait).await;
    }

    /// Watches from the frame after `seq` on.
    pub fn watch(self: Arc<Self>, seq: i64) -> TurnWatch {
        let told = self.told.subscribe();
        TurnWatch { turn: self, seen: seq, told }
    }

    /// What was told so far; `None` when it has no question yet or has ended.
    pub fn so_far(&self) -> Option<UnderWay> {
        let log = lock(&self.log);
        let question_id = log.question.filter(|_| !log.ended)?;
        Some(UnderWay { seq: log.next_seq() - 1, question_id, frames: joined(&log.frames) })
    }

    async fn ended(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.told.subscribe().wait_for(|_| lock(&self.log).ended).await;
    }
}

/// The frames with pieces of text that follow each other as one.
fn joined(frames: &[ChatFrame]) -> Vec<ChatFrame> {
    let mut joined: Vec<ChatFrame> = Vec::new();
    for frame in frames {
        match (joined.last_mut(), frame) {
            (Some(ChatFrame::Token { text }), ChatFrame::Token { text: more }) => text.push_str(more),
            _ => joined.push(frame.clone()),
        }
    }
    joined
}

/// Watches one turn; dropping it changes nothing for the turn.
pub struct TurnWatch {
    turn: Arc<LiveTurn>,
    /// Number of the last frame that was seen.
    seen: i64,
    told: watch::Receiver<usize>,
}

impl TurnWatch {
    /// The next frame; `None` after the last. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<NumberedFrame> {
        loop {
            {
                let log = lock(&self.turn.log);
                // Numbers are known only when the question is stored, which may be after the watch began.
                let seq = self.seen.saturating_add(1).max(log.first_seq);
                let place = usize::try_from(seq - log.first_seq).unwrap_or(usize::MAX);
                if let Some(frame) = log.frames.get(place) {
                    self.seen = seq;
                    return Some(NumberedFrame { seq, frame: frame.clone() });
                }
                if log.ended {
                    return None;
                }
                self.told.mark_unchanged();
            }
            self.told.changed().await.ok()?;
        }
    }

    /// Stops the turn: its last frame tells so.
    pub fn stop(&self) {
        self.turn.cancel.cancel();
    }
}

/// The turns by conversation.
#[derive(Default)]
pub struct TurnHub(Mutex<Turns>);

#[derive(Default)]
struct Turns {
    by_conversation: HashMap<ConversationId, Arc<LiveTurn>>,
    /// The ended ones that are kept, oldest first.
    kept: VecDeque<(ConversationId, Arc<LiveTurn>)>,
}

impl TurnHub {
    /// Waits until no other turn is under way in the conversation, and makes this one its turn.
    pub async fn enter(self: &Arc<Self>, conversation: ConversationId, turn: &Arc<LiveTurn>) -> Seat {
        while let Some(other) = self.busy_or_take(conversation, turn) {
            other.ended().await;
        }
        Seat { hub: Arc::clone(self), conversation, turn: Arc::clone(turn) }
    }

    fn busy_or_take(&self, conversation: ConversationId, turn: &Arc<LiveTurn>) -> Option<Arc<LiveTurn>> {
        let mut turns = lock(&self.0);
        let present = turns.by_conversation.get(&conversation);
        let busy = present.filter(|present| !lock(&present.log).ended).cloned();
        if busy.is_none()
            && let Some(before) = turns.by_conversation.insert(conversation, Arc::clone(turn))
        {
            lock(&turn.log).free_seq = lock(&before.log).next_seq();
        }
        busy
    }

    /// The conversation's turn: under way, or kept after its end.
    pub fn get(&self, conversation: ConversationId) -> Option<Arc<LiveTurn>> {
        lock(&self.0).by_conversation.get(&conversation).cloned()
    }
}

impl Turns {
    fn forget(&mut self, conversation: ConversationId, turn: &Arc<LiveTurn>) {
        if self.by_conversation.get(&conversation).is_some_and(|present| Arc::ptr_eq(present, turn)) {
            self.by_conversation.remove(&conversation);
        }
        self.kept.retain(|(_, kept)| !Arc::ptr_eq(kept, turn));
    }
}

/// A turn's place in its conversation. When it is given up the turn is over, whatever happened, and its log is forgotten.
pub struct Seat {
    hub: Arc<TurnHub>,
    conversation: ConversationId,
    turn: Arc<LiveTurn>,
}

impl Seat {
    /// Keeps the log of the ended turn for a while, for those who come back.
    pub async fn linger(self) {
        self.keep();
        tokio::time::sleep(KEPT).await;
    }

    fn keep(&self) {
        let mut turns = lock(&self.hub.0);
        turns.kept.push_back((self.conversation, Arc::clone(&self.turn)));
        if turns.kept.len() > KEPT_MAX
            && let Some((conversation, turn)) = turns.kept.pop_front()
        {
            turns.forget(conversation, &turn);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if !lock(&self.turn.log).ended {
            self.turn.tell(ChatFrame::Error { error: "the turn broke off".into() });
        }
        lock(&self.hub.0).forget(self.conversation, &self.turn);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
