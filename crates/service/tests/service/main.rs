//! The service on a SQLite file of its own, with the agents that a first start makes. No key, no network but loopback.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

mod cases;
mod chat;
mod evaluations;
mod faults;
mod imports;
mod judges;
mod leaderboard;
mod trainings;
mod world;
