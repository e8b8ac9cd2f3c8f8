//! Conversations that the provider keeps: which response a conversation can go on from.
//!
//! A response is remembered under a digest of all that it follows from: provider, model, instructions and every item up to
//! and with it. A later request looks for the longest beginning of its own items that is known, so that the steps of a turn
//! and the turns of a conversation are found by one rule, and an edited conversation is not. Kept for the process and
//! bounded; what is forgotten is sent whole.

use super::wire::Request;
use crate::{
    provider::ProviderEndpoint,
    tool_loop::{Item, Step},
};
use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{LazyLock, Mutex, PoisonError},
};
use types::Role;

/// Most responses remembered, the oldest forgotten first.
const RESPONSES_MAX: usize = 10_000;

static RESPONSES: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Known {
    ids: HashMap<u128, String>,
    order: VecDeque<u128>,
}

impl Known {
    fn insert(&mut self, digest: u128, id: String) {
        if self.ids.insert(digest, id).is_none() {
            self.order.push_back(digest);
        }
        if self.order.len() > RESPONSES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}

/// A conversation and the digests of its beginnings.
pub struct Thread<'a> {
    items: &'a [Item],
    /// Of the first `n` items, for each `n`.
    digests: Vec<Digest>,
}

impl<'a> Thread<'a> {
    /// The conversation of `items` as `request` asks about it.
    pub fn new(endpoint: &ProviderEndpoint, request: &Request<'_>, examples: &[Item], items: &'a [Item]) -> Self {
        let mut digest = Digest::default();
        digest.text(&endpoint.base_url);
        digest.text(endpoint.key().unwrap_or_default());
        digest.text(request.model);
        digest.text(request.instructions.unwrap_or_default());
        examples.iter().for_each(|example| digest.item(example));
        let mut digests = vec![digest.clone()];
        for item in items {
            digest.item(item);
            digests.push(digest.clone());
        }
        Self { items, digests }
    }

    /// The response that covers the longest beginning, and what came after it.
    pub fn continued(&self) -> Option<(String, &'a [Item])> {
        let known = RESPONSES.lock().unwrap_or_else(PoisonError::into_inner);
        let found = |count: &usize| Some((known.ids.get(&self.digests.get(*count)?.value())?.clone(), *count));
        let (id, count) = (1..self.items.len()).rev().find_map(|count| found(&count))?;
        Some((id, self.items.get(count..)?))
    }

    /// Remembers the response that `step` came with: as the next step sees it, and as the next turn does.
    pub fn remember(&self, step: &Step, id: &str) {
        let mut known = RESPONSES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut digest) = self.digests.last().cloned().filter(|_| !step.calls.is_empty()) {
            step.outputs.iter().for_each(|output| digest.item(&Item::Output(output.clone())));
            known.insert(digest.value(), id.to_owned());
        }
        let question = self.items.iter().rposition(|item| matches!(item, Item::Message { role: Role::User, .. }));
        let up_to_question = question.and_then(|place| self.digests.get(place + 1)).cloned();
        if let Some(mut digest) = up_to_question.filter(|_| step.calls.is_empty()) {
            digest.item(&Item::Message { role: Role::Assistant, text: step.text.clone() });
            known.insert(digest.value(), id.to_owned());
        }
    }
}

/// Two hashes of the same text begun differently: together wide enough that no two conversations meet.
#[derive(Clone)]
struct Digest([DefaultHasher; 2]);

impl Default for Digest {
    fn default() -> Self {
        let (one, mut two) = (DefaultHasher::new(), DefaultHasher::new());
        1_u8.hash(&mut two);
        Self([one, two])
    }
}

impl Digest {
    fn text(&mut self, text: &str) {
        self.0.iter_mut().for_each(|hasher| text.hash(hasher));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Message { role, text } => {
                self.text(if *role == Role::User { "user" } else { "other" });
                self.text(text);
            }
            Item::Output(output) => self.text(&output.to_string()),
            Item::CallResult { call_id, output } => {
                self.text(call_id);
                self.text(output);
            }
        }
    }

    fn value(&self) -> u128 {
        let [one, two] = &self.0;
        u128::from(one.finish()) << 64 | u128::from(two.finish())
    }
}
