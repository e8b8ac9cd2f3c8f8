//! Server functions of tools.
