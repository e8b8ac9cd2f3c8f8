//! The registered algorithms. To add one: a file in `algorithms/` and a line in [`registered`].

mod reinforce;
mod warm_start;

use crate::{
    augment::Augmenter, cases::CaseEnvironment, demonstration::Demonstration, learner::Learner, parameters::Parameters,
};
use policy::Network;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use types::{Error, ExtensionSpec};

/// What an algorithm works on.
pub struct Run<'a> {
    /// The policy being trained.
    pub learner: &'a mut Learner<Network>,
    /// The training cases.
    pub environment: &'a CaseEnvironment,
    /// What the teacher shows for them.
    pub demonstrations: &'a [Demonstration],
    /// Says it in other words.
    pub augmenter: &'a Augmenter,
    /// The algorithm's parameters.
    pub parameters: &'a Parameters,
    /// Episodes of the whole run.
    pub episodes: u32,
    /// Chance of this episode.
    pub rng: &'a mut ChaCha8Rng,
}

/// What an episode has to say beside its rewards.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// Values of series by name.
    pub series: BTreeMap<String, f64>,
    /// What a person should look at.
    pub alerts: Vec<String>,
}

/// A way to learn.
pub trait Algorithm: Send + Sync {
    /// Name, description and declared parameters.
    fn spec(&self) -> ExtensionSpec;

    /// One episode: every training case played, and what was learned from it. `episode` counts from 0.
    ///
    /// # Errors
    /// `Cancelled`, or a fault of the environment. The learner may then stand in the middle of the episode.
    fn episode(&self, run: Run<'_>, episode: u32) -> Result<Report, Error>;
}

fn registered() -> Vec<Box<dyn Algorithm>> {
    vec![Box::new(reinforce::Reinforce), Box::new(warm_start::WarmStart)]
}

/// Name, description and declared parameters of each.
pub fn algorithms() -> Vec<ExtensionSpec> {
    registered().iter().map(|algorithm| algorithm.spec()).collect()
}

/// The algorithm of that name.
pub fn algorithm(name: &str) -> Option<Box<dyn Algorithm>> {
    registered().into_iter().find(|algorithm| algorithm.spec().name == name)
}

/// Means of what the updates of an episode did.
#[derive(Default)]
struct Means {
    sums: BTreeMap<&'static str, (f64, u32)>,
}

impl Means {
    fn add(&mut self, name: &'static str, value: f64) {
        let (sum, count) = self.sums.entry(name).or_default();
        *sum += value;
        *count += 1;
    }

    fn into_series(self) -> BTreeMap<String, f64> {
        self.sums.into_iter().map(|(name, (sum, count))| (name.to_owned(), sum / f64::from(count))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_everything_is_described() {
        let specs = algorithms();
        let names: BTreeSet<_> = specs.iter().map(|spec| spec.name.clone()).collect();
        assert_eq!(names.len(), specs.len());
        for spec in specs {
            assert!(!spec.label.is_empty() && !spec.description.is_empty());
            for parameter in spec.parameters {
                assert!(!parameter.description.is_empty(), "{}", parameter.name);
                assert_eq!(parameter.check(&parameter.default), Ok(()), "{}", parameter.name);
            }
        }
    }

    #[test]
    fn every_file_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/algorithms");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files: BTreeSet<_> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(files, algorithms().into_iter().map(|spec| spec.name).collect());
    }
}
