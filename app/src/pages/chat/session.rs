//! One open conversation: the thread, what is being typed, and the connection to the agent.

use super::thread::{Phase, Thread};
use crate::{
    api::chat::markdown,
    components::{Toasts, use_toasts},
    live::{
        LinkState,
        chat::{ChatLink, Incoming, Place, show_in_address_bar},
    },
};
use leptos::{prelude::*, task::spawn_local};
use types::{AgentId, ApprovalId, ChatFrame, ConversationId, MESSAGE_CHARS_MAX, MessageId, Role};

/// The open conversation; cheap to copy.
#[derive(Clone, Copy)]
pub struct Session {
    /// With whom.
    pub agent: AgentId,
    /// What was said.
    pub thread: RwSignal<Thread>,
    /// What is being typed.
    pub draft: RwSignal<String>,
    /// The question that is being written in other words: its place and id.
    pub editing: RwSignal<Option<(usize, MessageId)>>,
    /// The last finished answer, for the live region.
    pub announced: RwSignal<String>,
    /// How the connection is.
    pub connection: RwSignal<LinkState>,
    /// Counts stored changes: the list of conversations follows it.
    pub stored: RwSignal<u32>,
    /// Reads the conversation again, as it is stored; `None` where several are shown, and none is in the address.
    pub reload: Option<Callback<ConversationId>>,
    toasts: Toasts,
    link: StoredValue<Option<ChatLink>>,
    /// The turn under way replaces something: what is stored is read again at its end.
    replacing: StoredValue<bool>,
}

impl Session {
    /// A session that continues `thread`, and follows the answer that is being made in it.
    pub fn new(
        agent: AgentId,
        thread: Thread,
        stored: RwSignal<u32>,
        reload: Option<Callback<ConversationId>>,
    ) -> Self {
        let session = Self {
            agent,
            thread: RwSignal::new(thread),
            draft: RwSignal::new(String::new()),
            editing: RwSignal::new(None),
            announced: RwSignal::new(String::new()),
            connection: RwSignal::new(LinkState::Live),
            stored,
            reload,
            toasts: use_toasts(),
            link: StoredValue::new(None),
            replacing: StoredValue::new(false),
        };
        Effect::new(move |_| {
            if session.is_busy() {
                session.link(|_| ());
            }
        });
        session
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
            match self.editing.get_untracked() {
                Some((place, id)) => self.replace(place, id, text),
                None => self.send(text),
            }
        }
    }

    /// Sends `text`.
    pub fn send(self, text: String) {
        if !self.is_busy() {
            self.thread.update(|thread| thread.ask(text.clone()));
            self.link(|link| link.say(text, None));
        }
    }

    /// Puts the question at `place` back where it is typed, to be asked in other words.
    pub fn edit(self, place: usize) {
        let found = self
            .thread
            .with_untracked(|thread| thread.entries.get(place).and_then(|entry| Some((entry.id?, entry.text.clone()))));
        if let Some((id, text)) = found.filter(|_| !self.is_busy()) {
            self.draft.set(text);
            self.editing.set(Some((place, id)));
        }
    }

    /// Puts the last question back where it is typed.
    pub fn edit_last(self) {
        if let Some(place) = self.thread.with_untracked(|thread| thread.last_of(Role::User)) {
            self.edit(place);
        }
    }

    /// Asks in the place of the message there: in other words, or, without words, for another answer.
    pub fn replace(self, place: usize, id: MessageId, text: String) {
        if !self.is_busy() {
            self.editing.set(None);
            self.replacing.set_value(true);
            self.thread.update(|thread| thread.ask_again(place, text.clone()));
            self.link(|link| link.say(text, Some(id)));
        }
    }

    /// Stops the running turn, or leaves the question that is being edited as it was.
    pub fn stop(self) {
        if self.is_busy() {
            self.thread.update(Thread::stop);
            self.link(ChatLink::stop);
        } else if self.editing.get_untracked().is_some() {
            self.editing.set(None);
            self.draft.set(String::new());
        }
    }

    /// Lets a waiting call run (`approve`) or not (`refuse`).
    pub fn answer(self, word: &'static str, id: ApprovalId) {
        self.link(|link| link.answer(word, id));
    }

    fn is_busy(self) -> bool {
        self.thread.with_untracked(Thread::is_busy)
    }

    fn link(self, act: impl FnOnce(&ChatLink)) {
        self.link.update_value(|link| {
            act(link.get_or_insert_with(|| {
                ChatLink::connect(self.agent, move || self.place(), move |incoming| self.hear(incoming))
            }));
        });
    }

    fn place(self) -> Place {
        let place = |thread: &Thread| Place {
            conversation: thread.conversation,
            after: matches!(thread.phase, Phase::Working | Phase::Stopping).then_some(thread.seq),
        };
        self.thread.try_with_untracked(place).unwrap_or_default()
    }

    fn hear(self, incoming: Incoming) {
        // The page may have been left while the frame was under way.
        if self.thread.is_disposed() {
            return;
        }
        match incoming {
            Incoming::Frame(seq, frame) => self.hear_frame(seq, *frame),
            Incoming::Link(state) => self.connection.set(state),
            Incoming::Lost(reason) => {
                self.link.set_value(None);
                self.fail(reason);
            }
        }
        self.give_back_unstored();
    }

    fn hear_frame(self, seq: i64, frame: ChatFrame) {
        let (acknowledged, finished) =
            (matches!(frame, ChatFrame::Ack { .. }), matches!(frame, ChatFrame::Response { .. }));
        match frame {
            ChatFrame::Idle { conversation_id } => return self.read_again(conversation_id),
            ChatFrame::Error { error } => return self.fail(error),
            frame => {
                let before = self.thread.with_untracked(|thread| thread.conversation);
                self.thread.update(|thread| {
                    thread.seq = thread.seq.max(seq);
                    thread.apply(frame);
                });
                let now = self.thread.with_untracked(|thread| thread.conversation);
                if let (true, Some(conversation), Some(_)) = (now != before, now, self.reload) {
                    show_in_address_bar(conversation);
                }
            }
        }
        if acknowledged || finished {
            self.stored.update(|count| *count += 1);
        }
        if finished && !self.reload_replaced() {
            self.finish();
        }
    }

    /// The turn failed. One that was to replace something leaves what was there.
    fn fail(self, reason: String) {
        if self.is_busy() && self.replacing.get_value() {
            self.toasts.fail(reason);
            self.reload_replaced();
        } else {
            self.thread.update(|thread| thread.fail(reason));
        }
    }

    fn reload_replaced(self) -> bool {
        let conversation = self.thread.with_untracked(|thread| thread.conversation);
        let reload = conversation.filter(|_| self.replacing.get_value());
        if let Some(conversation) = reload {
            self.replacing.set_value(false);
            self.read_again(conversation);
        }
        reload.is_some()
    }

    /// Reads the conversation again, as it is stored.
    pub fn read_again(self, conversation: ConversationId) {
        match self.reload {
            Some(reload) => reload.run(conversation),
            None => self.thread.update(|thread| thread.fail("the answer came while the connection was lost".into())),
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
