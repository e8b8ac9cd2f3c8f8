//! Server functions by resource: what pages ask the service for. Each parses, calls and presents.

pub mod agents;
pub mod cases;
pub mod chat;
pub mod documents;
pub mod evaluations;
pub mod leaderboard;
#[cfg(feature = "ssr")]
mod lookup;
pub mod overview;
pub mod tools;
pub mod training;
