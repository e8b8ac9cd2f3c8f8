//! Server functions of conversations and replies.
