//! The action policy.
/// placeholder
pub struct ActionPolicy;
