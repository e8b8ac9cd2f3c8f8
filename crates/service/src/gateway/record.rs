//! What is kept of calls: each with its question and answer, the newest within a bound.

use crate::{Result, Service, new_id};
use serde_json::Value;
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};
use types::{
    Attempt, CallKind, Error, GatewayCall, GatewayCallId, GatewayCallListItem, GatewayCallQuery, Paged, Timestamp,
};

/// Calls after which the bound is looked at again.
const CALLS_BETWEEN: u64 = 64;
/// Most calls of one attempt that are answered at once.
const CALLS_OF_ATTEMPT_MAX: u32 = 1000;

/// How much of the gateway's traffic is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GatewayLimits {
    /// Most calls; 0 keeps none.
    pub calls_max: u64,
    /// Most bytes of questions and answers.
    pub bytes_max: u64,
}

impl Default for GatewayLimits {
    fn default() -> Self {
        Self { calls_max: 20_000, bytes_max: 256 * 1024 * 1024 }
    }
}

/// Counts what was kept since the bound was looked at.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<(u64, u64)>);

impl Shelf {
    /// Adds a call of `bytes`; whether it is time to make room.
    fn is_full(&self, bytes: u64, limits: &GatewayLimits) -> bool {
        let mut added = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *added = (added.0 + 1, added.1 + bytes);
        let full = added.0 >= CALLS_BETWEEN.min(limits.calls_max / 16 + 1) || added.1 >= limits.bytes_max / 16;
        if full {
            *added = (0, 0);
        }
        full
    }
}

/// A call under way.
pub(crate) struct Asked {
    call: GatewayCallListItem,
    request_json: Value,
    began: Instant,
}

/// A call that ended.
pub(crate) struct Done(GatewayCall);

impl Asked {
    pub(crate) fn new(at: Timestamp, of: Option<Attempt>, kind: CallKind, model: String, request_json: Value) -> Self {
        let (rollout, attempt) = of.map_or((None, 0), |of| (Some(of.rollout), of.attempt));
        let call = GatewayCallListItem {
            id: GatewayCallId(new_id()),
            rollout,
            attempt,
            seq: 0,
            kind,
            at,
            duration_ms: 0,
            model,
            input_tokens: 0,
            output_tokens: 0,
            status: 0,
            error: None,
        };
        Self { call, request_json, began: Instant::now() }
    }

    /// When it began, in seconds since 1970.
    pub(crate) fn seconds(&self) -> i64 {
        self.call.at.as_millis() / 1000
    }

    /// It was answered.
    pub(crate) fn answered(self, status: u16, answer: Value) -> Done {
        let tokens =
            |names: [&str; 2]| names.iter().find_map(|name| answer["usage"][*name].as_u64()).unwrap_or_default();
        let (input_tokens, output_tokens) =
            (tokens(["input_tokens", "prompt_tokens"]), tokens(["output_tokens", "completion_tokens"]));
        let mut done = self.ended(status, Some(answer), None);
        (done.0.call.input_tokens, done.0.call.output_tokens) = (input_tokens, output_tokens);
        done
    }

    /// It was refused.
    pub(crate) fn refused(self, status: u16, error: String) -> Done {
        self.ended(status, None, Some(error))
    }

    fn ended(mut self, status: u16, response_json: Option<Value>, error: Option<String>) -> Done {
        self.call.status = status;
        self.call.error = error;
        self.call.duration_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Done(GatewayCall { call: self.call, request_json: self.request_json, response_json })
    }
}

impl Done {
    /// With what went wrong.
    pub(crate) fn with_error(mut self, error: Option<String>) -> Self {
        self.0.call.error = error;
        self
    }
}

impl Service {
    /// Keeps a call.
    pub(crate) async fn gateway_record(&self, Done(call): Done) -> Result<()> {
        let limits = self.inner.config.gateway;
        if limits.calls_max == 0 {
            return Ok(());
        }
        let (_, bytes) = self.store().gateway_call_insert(&call).await?;
        if self.inner.shelf.is_full(bytes, &limits) {
            self.gateway_make_room().await?;
        }
        Ok(())
    }

    /// Forgets the oldest calls beyond the bound.
    pub(crate) async fn gateway_make_room(&self) -> Result<()> {
        let limits = self.inner.config.gateway;
        let forgotten = self.store().gateway_calls_prune(limits.calls_max, limits.bytes_max).await?;
        if forgotten > 0 {
            tracing::debug!(forgotten, "the oldest calls through the gateway made room");
        }
        Ok(())
    }

    /// Calls through the gateway without their bodies, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_call_list(&self, query: &GatewayCallQuery) -> Result<Paged<GatewayCallListItem>> {
        self.store().gateway_call_list(query).await
    }

    /// One call with its bodies.
    ///
    /// # Errors
    /// Not found.
    pub async fn gateway_call_get(&self, id: GatewayCallId) -> Result<GatewayCall> {
        self.store().gateway_call_get(id).await?.ok_or_else(|| Error::not_found("call", id))
    }

    /// The calls of an attempt with their bodies, in order: its trajectory. At most a thousand, after `after`.
    ///
    /// # Errors
    /// Not found when nothing is kept of it.
    pub async fn trajectory_get(&self, of: &Attempt, after: i64) -> Result<Vec<GatewayCall>> {
        let calls = self.store().gateway_calls_of(of, after, CALLS_OF_ATTEMPT_MAX).await?;
        if calls.is_empty() && after == 0 {
            return Err(Error::not_found("trajectory", format!("{}/{}", of.rollout, of.attempt)));
        }
        Ok(calls)
    }
}
