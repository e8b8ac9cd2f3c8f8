//! The language of the application: ids, agents, messages, cases, runs, events and errors. No IO, no async.
//!
//! Everything here builds for wasm32 too: the browser reads the same structs that the server writes, and renders a run
//! with the same reducer ([`RunView`]). Names on the wire are those of the v1 contract; added fields are marked so.

mod added_tool;
mod agent;
mod agent_pool;
mod bridge;
mod case;
mod case_rules;
mod conversation;
mod document;
mod error;
mod evaluation;
mod event;
mod expectation;
mod feedback;
mod gateway;
mod id;
mod import;
mod leaderboard;
mod message_tree;
mod nesting;
pub mod number;
mod overview;
mod parameter;
mod patch;
mod provider;
mod query;
mod reply_form;
mod run_view;
mod timestamp;
mod tool;
mod training;
mod transcript;
mod vote;

pub use added_tool::*;
pub use agent::*;
pub use agent_pool::*;
pub use bridge::*;
pub use case::*;
pub use case_rules::*;
pub use conversation::*;
pub use document::*;
pub use error::*;
pub use evaluation::*;
pub use event::*;
pub use expectation::*;
pub use feedback::*;
pub use gateway::*;
pub use id::*;
pub use import::*;
pub use leaderboard::*;
pub use message_tree::*;
pub use nesting::*;
pub use overview::*;
pub use parameter::*;
pub use patch::*;
pub use provider::*;
pub use query::*;
pub use reply_form::*;
pub use run_view::*;
pub use timestamp::*;
pub use tool::*;
pub use training::*;
pub use transcript::*;
pub use vote::*;
