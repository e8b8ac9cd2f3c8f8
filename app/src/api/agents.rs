//! Server functions of agents.
