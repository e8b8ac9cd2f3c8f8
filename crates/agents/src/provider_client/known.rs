//! What was learned about models while the process runs: parameters they refuse, and whether they reason.
//!
//! Kept for the process, not for an agent: agents are made anew for each turn, and the next one should not have to be
//! refused again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, Mutex, PoisonError},
};

/// Most models remembered; beyond it a model is asked again.
const MODELS_MAX: usize = 256;

static MODELS: LazyLock<Mutex<BTreeMap<(String, String), Known>>> = LazyLock::new(Mutex::default);

/// What is known of one model at one provider.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Known {
    /// Parameters it refuses.
    pub refused: BTreeSet<String>,
    /// It returns reasoning items, which later steps need back.
    pub reasons: bool,
}

/// What is known of `model` at `base_url`.
pub fn get(base_url: &str, model: &str) -> Known {
    let models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    models.get(&(base_url.to_owned(), model.to_owned())).cloned().unwrap_or_default()
}

/// Remembers something about `model` at `base_url`.
pub fn learn(base_url: &str, model: &str, change: impl FnOnce(&mut Known)) {
    let mut models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (base_url.to_owned(), model.to_owned());
    if models.len() < MODELS_MAX || models.contains_key(&key) {
        change(models.entry(key).or_default());
    }
}
