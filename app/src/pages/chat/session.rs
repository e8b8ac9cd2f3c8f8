//! One open conversation: the thread, what is being typed, and the connection to the agent.

use super::thread::{Phase, Thread};
use crate::{
    api::chat::markdown,
    live::chat::{ChatLink, Incoming, show_in_address_bar},
};
use leptos::{prelude::*, task::spawn_local};
use types::{AgentId, ChatFrame, MESSAGE_CHARS_MAX};

/// The open conversation; cheap to copy.
#[derive(Clone, Copy)]
pub struct Session {
    /// With whom.
    pub agent: AgentId,
    /// What was said.
    pub thread: RwSignal<Thread>,
    /// What is being typed.
    pub draft: RwSignal<String>,
    /// The last finished answer, for the live region.
    pub announced: RwSignal<String>,
    /// Counts stored changes: the list of conversations follows it.
    pub stored: RwSignal<u32>,
    link: StoredValue<Option<ChatLink>>,
}

impl Session {
    /// A session that continues `thread`.
    pub fn new(agent: AgentId, thread: Thread, stored: RwSignal<u32>) -> Self {
        Self {
            agent,
            thread: RwSignal::new(thread),
            draft: RwSignal::new(String::new()),
            announced: RwSignal::new(String::new()),
            stored,
            link: StoredValue::new(None),
        }
    }

    /// Why the draft cannot be sent, if it cannot.
    pub fn refusal(self) -> Option<String> {
        let chars = self.draft.with(|draft| draft.chars().count());
        (chars > MESSAGE_CHARS_MAX).then(|| format!("has {chars} characters, expected at most {MESSAGE_CHARS_MAX}"))
    }

    /// Sends what was typed.
    pub fn send_draft(self) {
        let text = self.draft.get_untracked().trim().to_owned();
        if !text.is_empty() && untrack(move || self.refusal()).is_none() && !self.is_busy() {
            self.draft.set(String::new());
            self.send(text);
        }
    }

    /// Sends `text`.
    pub fn send(self, text: String) {
        if self.is_busy() {
            return;
        }
        self.thread.update(|thread| thread.ask(text.clone()));
        self.link.update_value(|link| {
            let conversation = self.thread.with_untracked(|thread| thread.conversation);
            let open = link.get_or_insert_with(|| {
                ChatLink::connect(self.agent, conversation, move |incoming| self.hear(incoming))
            });
            open.say(text);
        });
    }

    /// Stops the running turn.
    pub fn stop(self) {
        if self.is_busy() {
            self.thread.update(Thread::stop);
            self.link.with_value(|link| link.as_ref().map(ChatLink::stop));
        }
    }

    fn is_busy(self) -> bool {
        self.thread.with_untracked(Thread::is_busy)
    }

    fn hear(self, incoming: Incoming) {
        // The page may have been left while the frame was under way.
        if self.thread.is_disposed() {
            return;
        }
        match incoming {
            Incoming::Frame(frame) => self.hear_frame(*frame),
            Incoming::Lost(reason) => {
                self.link.set_value(None);
                self.thread.update(|thread| thread.fail(reason));
            }
        }
        self.give_back_unstored();
    }

    fn hear_frame(self, frame: ChatFrame) {
        let (acknowledged, finished) =
            (matches!(frame, ChatFrame::Ack { .. }), matches!(frame, ChatFrame::Response { .. }));
        let before = self.thread.with_untracked(|thread| thread.conversation);
        self.thread.update(|thread| thread.apply(frame));
        let now = self.thread.with_untracked(|thread| thread.conversation);
        if let (true, Some(conversation)) = (now != before, now) {
            show_in_address_bar(conversation);
        }
        if acknowledged || finished {
            self.stored.update(|count| *count += 1);
        }
        if finished {
            self.finish();
        }
    }

    /// The answer is stored: announce it, and have it rendered.
    fn finish(self) {
        let last = self.thread.with_untracked(|thread| {
            thread.entries.iter().enumerate().next_back().map(|(place, entry)| (place, entry.text.clone()))
        });
        let Some((place, text)) = last else { return };
        self.announced.set(text.clone());
        spawn_local(async move {
            // Without HTML the plain text stays.
            if let Ok(html) = markdown(text).await {
                self.thread.try_update(|thread| thread.render(place, html));
            }
        });
    }

    /// What the server did not store goes back to where it was typed.
    fn give_back_unstored(self) {
        let unstored = self.thread.with_untracked(|thread| match &thread.phase {
            Phase::Failed { text, stored: false, .. } => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = unstored
            && self.draft.with_untracked(String::is_empty)
        {
            self.draft.set(text);
        }
    }
}
