//! The chat socket: messages go out, frames come in.
