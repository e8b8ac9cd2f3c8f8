//! Every line of the wire contract and of the security rules, through the router or over loopback sockets.
//!
//! One binary for all resources: linking the application once is what keeps the tests quick.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/app.rs"]
mod support;

#[path = "api/added_tools.rs"]
mod added_tools;
#[path = "api/agents.rs"]
mod agents;
#[path = "api/chat.rs"]
mod chat;
#[path = "api/chat_socket.rs"]
mod chat_socket;
#[path = "api/conversations.rs"]
mod conversations;
#[path = "api/documents.rs"]
mod documents;
#[path = "api/evaluations.rs"]
mod evaluations;
#[path = "api/feedback.rs"]
mod feedback;
#[path = "api/gateway.rs"]
mod gateway;
#[path = "api/gateway_pass.rs"]
mod gateway_pass;
#[path = "api/health.rs"]
mod health;
#[path = "api/mcp.rs"]
mod mcp;
#[path = "api/metrics.rs"]
mod metrics;
#[path = "api/openapi.rs"]
mod openapi;
#[path = "api/pages.rs"]
mod pages;
#[path = "api/problems.rs"]
mod problems;
#[path = "api/provider.rs"]
mod provider;
#[path = "api/providers.rs"]
mod providers;
#[path = "api/run_sockets.rs"]
mod run_sockets;
#[path = "api/security.rs"]
mod security;
#[path = "api/test_cases.rs"]
mod test_cases;
#[path = "api/token.rs"]
mod token;
#[path = "api/tools.rs"]
mod tools;
#[path = "api/training.rs"]
mod training;
#[path = "api/trajectories.rs"]
mod trajectories;
#[path = "api/votes.rs"]
mod votes;
