//! Server functions by resource: what pages ask the service for. Each parses, calls and presents.

#![expect(missing_docs, reason = "the argument structs that #[server] makes have fields without a docstring")]

pub mod added_tools;
pub mod agents;
pub mod cases;
pub mod chat;
pub mod documents;
pub mod evaluations;
pub mod forms;
pub mod leaderboard;
#[cfg(feature = "ssr")]
mod lookup;
pub mod metrics;
pub mod overview;
pub mod providers;
pub mod scope;
pub mod theme;
pub mod tools;
pub mod training;
pub mod trajectories;
