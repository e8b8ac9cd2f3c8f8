//! Categories of cases, and the weighted mean over them.

use super::CaseKey;
use crate::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::CaseLabels;
use types::{CategoryBy, Error, LeaderboardQuery, SPLIT_WORDS, TestCaseId};

/// The categories of a ranking, each with the cases that it holds.
pub struct Categories {
    /// By name, with the weight and the cases; cases that have none are under the empty name.
    pub all: BTreeMap<String, (f64, BTreeSet<CaseKey>)>,
}

impl Categories {
    /// The categories of these cases; `None` when none are asked for.
    ///
    /// # Errors
    /// Refused fields: a weight of a category that there is not, or no weight above 0.
    pub fn new(
        query: &LeaderboardQuery,
        labels: &HashMap<TestCaseId, CaseLabels>,
        cases: &BTreeSet<CaseKey>,
    ) -> Result<Option<Self>> {
        let Some(by) = query.by else { return Ok(None) };
        let mut all: BTreeMap<String, (f64, BTreeSet<CaseKey>)> = BTreeMap::new();
        for case in cases {
            let name = labels.get(&case.0).map(|labels| name_of(labels, by)).unwrap_or_default();
            let weight = query.weights.get(&name).copied().unwrap_or(1.0);
            all.entry(name).or_insert_with(|| (weight, BTreeSet::new())).1.insert(*case);
        }
        if let Some(unknown) = query.weights.keys().find(|name| !all.contains_key(*name))
            && !all.is_empty()
        {
            let known: Vec<&str> = all.keys().filter(|name| !name.is_empty()).map(String::as_str).collect();
            let told = format!("names `{unknown}`, which is no category of these cases: {}", known.join(", "));
            return Err(Error::field("weights", told));
        }
        if !all.is_empty() && all.values().all(|(weight, _)| *weight <= 0.0) {
            return Err(Error::field("weights", "are all 0; at least one category must count"));
        }
        Ok(Some(Self { all }))
    }

    /// Names, weights and cases of those that count in the score.
    pub fn counting(&self) -> impl Iterator<Item = (&str, f64, &BTreeSet<CaseKey>)> {
        let counts = self.all.iter().filter(|(_, (weight, _))| *weight > 0.0);
        counts.map(|(name, (weight, cases))| (name.as_str(), *weight, cases))
    }
}

fn name_of(labels: &CaseLabels, by: CategoryBy) -> String {
    match by {
        CategoryBy::Suite => labels.suite.clone().unwrap_or_default(),
        CategoryBy::Split => {
            let word = SPLIT_WORDS.iter().find(|(_, split)| Some(*split) == labels.split);
            word.map(|(word, _)| (*word).to_owned()).unwrap_or_default()
        }
    }
}
