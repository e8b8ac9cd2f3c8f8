//! The results of a run by groups of its cases.

use crate::{Result, Service, blocking, evaluation_run::aggregate_weighed};
use std::collections::{BTreeMap, HashMap};
use store::{CaseLabels, StoredScore};
use types::{GroupBy, GroupMetrics, RunId, TestCaseId};

/// Most groups that are told, the largest first.
const GROUPS_MAX: usize = 200;

impl Service {
    /// The means of the results so far by suite, split, tag or answer check of their cases as these are now, the largest
    /// group first; at most 200.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_breakdown(&self, run: RunId, by: GroupBy) -> Result<Vec<GroupMetrics>> {
        self.evaluation_find(run).await?;
        let scores = self.store().evaluation_scores(run).await?;
        let labels = self.store().case_labels_of(run).await?;
        blocking(move || Ok(grouped(&scores, &labels, by))).await
    }
}

fn grouped(scores: &[StoredScore], labels: &[CaseLabels], by: GroupBy) -> Vec<GroupMetrics> {
    let labels: HashMap<TestCaseId, &CaseLabels> = labels.iter().map(|one| (one.id, one)).collect();
    let mut groups = BTreeMap::<&str, Vec<&StoredScore>>::new();
    for score in scores {
        let Some(case) = labels.get(&score.test_case_id) else { continue };
        for group in groups_of(case, by) {
            groups.entry(group).or_default().push(score);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, scores)| std::cmp::Reverse(scores.len()));
    groups.truncate(GROUPS_MAX);
    let weighed = |id: TestCaseId| labels.get(&id).map(|case| (case.weight, case.cluster.as_deref()));
    let told = groups.into_iter().map(|(value, scores)| GroupMetrics {
        value: value.to_owned(),
        metrics: aggregate_weighed(scores.into_iter(), weighed),
    });
    told.collect()
}

/// The groups a case is in; nothing in the text = it has none.
fn groups_of(case: &CaseLabels, by: GroupBy) -> Vec<&str> {
    match by {
        GroupBy::Suite => vec![case.suite.as_deref().unwrap_or_default()],
        GroupBy::Split => vec![case.split.map(types::Split::as_str).unwrap_or_default()],
        GroupBy::TaskType => vec![&case.task_type],
        GroupBy::Tag if case.tags.is_empty() => vec![""],
        GroupBy::Tag => case.tags.iter().map(String::as_str).collect(),
    }
}
