//! The frameworks agents can be built with, by name. To add one: a file in `frameworks/` and a line in [`frameworks`].

pub mod local;
pub mod openai;

use crate::Framework;

/// Every registered framework.
pub fn frameworks() -> Vec<Box<dyn Framework>> {
    vec![Box::new(local::Local), Box::new(openai::OpenAi)]
}

/// The framework of that name (an agent's `agent_type`).
pub fn framework(name: &str) -> Option<Box<dyn Framework>> {
    frameworks().into_iter().find(|framework| framework.spec().name == name)
}
