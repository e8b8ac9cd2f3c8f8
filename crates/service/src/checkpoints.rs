//! Saved weights: one folder a training run, each file whole or absent.
//!
//! A file is written beside its place, synced and renamed into it. `best.safetensors` is what `run:<id>` names;
//! `episode-000012.safetensors` with `episode-000012.state` (behind its SHA-256) is what a run goes on from, the latest
//! two are kept; `start.json` holds what the run was started with, so that a resumed run learns from the same.

mod files;

use crate::Result;
use agents::Checkpoints;
use files::{list, read, remove, write};
use policy::ActionPolicy;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use types::{Agent, Error, RunId};

/// File of the best weights of a run.
pub const BEST: &str = "best.safetensors";
const START_POLICY: &str = "start.safetensors";
const START: &str = "start.json";
/// Episodes a run can go on from.
const EPISODES_KEPT: usize = 2;
/// Policies kept in memory.
const CACHED: usize = 8;
const DIGEST_BYTES: usize = 32;

/// The folder of saved weights.
pub struct CheckpointFolder {
    root: PathBuf,
    /// Latest used last.
    cache: Mutex<Vec<(String, Arc<ActionPolicy>)>>,
}

/// Where the weights of a local agent come from.
enum Source {
    BuiltIn,
    Untrained,
    Run(RunId),
}

impl CheckpointFolder {
    /// The folder, made where it is missing.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root).map_err(|error| {
            Error::Unavailable(format!("the folder of checkpoints, {}, cannot be made: {error}", root.display()))
        })?;
        Ok(Self { root: root.to_owned(), cache: Mutex::default() })
    }

    /// A lock that no other process holds on `database_url`; `None` when another one does. It goes with its process.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn lock(&self, database_url: &str) -> Result<Option<File>> {
        let mut hasher = DefaultHasher::new();
        database_url.hash(&mut hasher);
        let path = self.root.join(format!(".lock-{:016x}", hasher.finish()));
        let file = File::create(&path)
            .map_err(|error| Error::Unavailable(format!("{} cannot be written: {error}", path.display())))?;
        Ok(file.try_lock().is_ok().then_some(file))
    }

    /// Keeps the state after `episode` episodes, and forgets what is older than the one before.
    ///
    /// # Errors
    /// The disk refuses it; what was kept before is still there.
    pub fn keep(&self, run: RunId, episode: i64, policy: &[u8], resume: &[u8]) -> Result<String> {
        let name = weights_name(episode);
        let digest = Sha256::digest(resume);
        write(&self.file(run, &name), &[policy])?;
        write(&self.file(run, &state_name(episode)), &[&digest, resume])?;
        let newest_first = self.episodes(run);
        for old in newest_first.iter().filter(|kept| **kept <= episode).skip(EPISODES_KEPT) {
            remove(&self.file(run, &weights_name(*old)));
            remove(&self.file(run, &state_name(*old)));
        }
        Ok(name)
    }

    /// Keeps the best weights of a run.
    ///
    /// # Errors
    /// The disk refuses it; the best ones before are still there.
    pub fn keep_best(&self, run: RunId, policy: &[u8]) -> Result<()> {
        write(&self.file(run, BEST), &[policy])?;
        self.cache().retain(|(model, _)| *model != model_of(run));
        Ok(())
    }

    /// The latest whole state after at most `episodes` episodes, and what had to be passed over.
    pub fn latest(&self, run: RunId, episodes: i64) -> (Option<(i64, Vec<u8>)>, Vec<String>) {
        let mut passed_over = Vec::new();
        for episode in self.episodes(run).into_iter().filter(|kept| *kept <= episodes) {
            match whole_state(&self.file(run, &state_name(episode))) {
                Ok(state) => return (Some((episode, state)), passed_over),
                Err(why) => passed_over.push(why),
            }
        }
        (None, passed_over)
    }

    /// Forgets states after more than `episodes` episodes: a run that goes on from there writes them anew.
    pub fn forget_after(&self, run: RunId, episodes: i64) {
        for episode in self.episodes(run).into_iter().filter(|kept| *kept > episodes) {
            remove(&self.file(run, &weights_name(episode)));
            remove(&self.file(run, &state_name(episode)));
        }
    }

    /// Keeps what a run starts from.
    ///
    /// # Errors
    /// The disk refuses it.
    pub fn keep_start(&self, run: RunId, start: &impl Serialize, policy: &[u8]) -> Result<()> {
        let json = serde_json::to_vec(start).map_err(|error| Error::Internal(error.to_string()))?;
        write(&self.file(run, START_POLICY), &[policy])?;
        write(&self.file(run, START), &[&json])
    }

    /// What a run started from.
    ///
    /// # Errors
    /// A file is missing or damaged.
    pub fn start<T: DeserializeOwned>(&self, run: RunId) -> Result<(T, Vec<u8>)> {
        let path = self.file(run, START);
        let start = serde_json::from_slice(&read(&path).map_err(Error::Invalid)?)
            .map_err(|error| Error::Invalid(format!("{} is damaged: {error}", path.display())))?;
        Ok((start, read(&self.file(run, START_POLICY)).map_err(Error::Invalid)?))
    }

    /// The checkpoint that an agent acts with.
    ///
    /// # Errors
    /// A model name that names no weights, or a file that is missing or damaged.
    pub fn weights(&self, agent: &Agent) -> Result<Vec<u8>> {
        match source(&agent.model).map_err(Error::Invalid)? {
            Source::BuiltIn => Ok(policy::BUILTIN.to_vec()),
            Source::Untrained => Ok(ActionPolicy::untrained(policy::UNTRAINED_SEED).save()),
            Source::Run(run) => read(&self.file(run, BEST)).map_err(Error::Invalid),
        }
    }

    fn load(&self, model: &str) -> Result<ActionPolicy, String> {
        match source(model)? {
            Source::BuiltIn => ActionPolicy::load(policy::BUILTIN).map_err(|error| format!("builtin: {error}")),
            Source::Untrained => Ok(ActionPolicy::untrained(policy::UNTRAINED_SEED)),
            Source::Run(run) => {
                let path = self.file(run, BEST);
                ActionPolicy::load(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))
            }
        }
    }

    /// Whether weights of this run can be acted with.
    pub fn has_best(&self, run: RunId) -> bool {
        self.file(run, BEST).exists()
    }

    fn file(&self, run: RunId, name: &str) -> PathBuf {
        self.root.join(run.to_string()).join(name)
    }

    /// Episodes whose state is kept, newest first.
    fn episodes(&self, run: RunId) -> Vec<i64> {
        let mut episodes: Vec<i64> = list(&self.root.join(run.to_string()))
            .iter()
            .filter_map(|name| name.strip_prefix("episode-")?.strip_suffix(".state")?.parse().ok())
            .collect();
        episodes.sort_unstable_by(|a, b| b.cmp(a));
        episodes
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<ActionPolicy>)>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Checkpoints for CheckpointFolder {
    fn policy(&self, agent: &Agent) -> Result<Arc<ActionPolicy>, String> {
        let model = agent.model.as_str();
        if let Some((_, policy)) = self.cache().iter().find(|(cached, _)| cached == model) {
            return Ok(policy.clone());
        }
        let policy = Arc::new(self.load(model)?);
        let mut cache = self.cache();
        cache.retain(|(cached, _)| cached != model);
        if cache.len() >= CACHED {
            cache.remove(0);
        }
        cache.push((model.to_owned(), policy.clone()));
        Ok(policy)
    }
}

/// The model name of an agent that acts with the best weights of `run`.
pub fn model_of(run: RunId) -> String {
    format!("run:{run}")
}

fn source(model: &str) -> Result<Source, String> {
    match model {
        "builtin" => Ok(Source::BuiltIn),
        "untrained" => Ok(Source::Untrained),
        _ => model.strip_prefix("run:").and_then(|id| id.parse().ok()).map(Source::Run).ok_or_else(|| {
            format!("`model` is {model}; a local agent needs builtin, untrained or run:<id of a training run>")
        }),
    }
}

fn weights_name(episode: i64) -> String {
    format!("episode-{episode:06}.safetensors")
}

fn state_name(episode: i64) -> String {
    format!("episode-{episode:06}.state")
}

fn whole_state(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = read(path)?;
    let damaged = || format!("{} is damaged; the one before it is used", path.display());
    let state = bytes.split_at_checked(DIGEST_BYTES).ok_or_else(damaged)?;
    if Sha256::digest(state.1).as_slice() != state.0 {
        return Err(damaged());
    }
    bytes.drain(..DIGEST_BYTES);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const RUN: RunId = RunId(Uuid::nil());

    fn folder() -> (tempfile::TempDir, CheckpointFolder) {
        let root = tempfile::tempdir().unwrap();
        let folder = CheckpointFolder::open(&root.path().join("checkpoints")).unwrap();
        (root, folder)
    }

    #[test]
    fn the_latest_two_states_are_kept() {
        let (_root, folder) = folder();
        for episode in 1..=4 {
            folder.keep(RUN, episode, b"weights", format!("state {episode}").as_bytes()).unwrap();
        }
        assert_eq!(folder.episodes(RUN), [4, 3]);
        assert_eq!(folder.latest(RUN, 4), (Some((4, b"state 4".to_vec())), vec![]));
        // Episode 4 was kept but not acknowledged.
        assert_eq!(folder.latest(RUN, 3), (Some((3, b"state 3".to_vec())), vec![]));
        folder.forget_after(RUN, 3);
        assert_eq!(folder.episodes(RUN), [3]);
    }

    #[test]
    fn a_damaged_state_gives_way_to_the_one_before_and_says_so() {
        let (_root, folder) = folder();
        folder.keep(RUN, 1, b"w", b"state 1").unwrap();
        folder.keep(RUN, 2, b"w", b"state 2").unwrap();
        let path = folder.file(RUN, &state_name(2));
        let whole = fs::read(&path).unwrap();
        for damage in [&whole[..whole.len() - 1], &whole[..10], b""] {
            fs::write(&path, damage).unwrap();
            let (found, passed_over) = folder.latest(RUN, 2);
            assert_eq!(found, Some((1, b"state 1".to_vec())));
            assert!(passed_over[0].contains("damaged"), "{passed_over:?}");
        }
    }

    #[test]
    fn without_any_state_there_is_none() {
        let (_root, folder) = folder();
        assert_eq!(folder.latest(RUN, 9), (None, vec![]));
    }

    #[test]
    fn only_one_process_at_a_time_holds_the_lock() {
        let (_root, folder) = folder();
        let first = folder.lock("sqlite:a").unwrap();
        assert!(first.is_some());
        assert!(folder.lock("sqlite:a").unwrap().is_none());
        assert!(folder.lock("sqlite:b").unwrap().is_some());
        drop(first);
        assert!(folder.lock("sqlite:a").unwrap().is_some());
    }

    #[test]
    fn a_model_name_cannot_leave_the_folder() {
        assert!(source("run:../../etc/passwd").is_err());
        assert!(source("gpt-4o").is_err_and(|why| why.contains("builtin")));
        assert!(source("run:00000000-0000-0000-0000-000000000000").is_ok());
    }
}
