//! Runs side by side, case by case: how each stands to a baseline on the cases that all of them were asked.

use crate::{Result, Service};
use evaluation::statistics::{Pair, Stratum, difference, holm, mean_interval, wilson};
use std::collections::{BTreeMap, HashMap};
use store::RunCell;
use types::{
    BaselineDelta, DiffCell, DiffRow, DiffRun, DiffShow, Error, EvaluationRunListItem, Outcome, Page, RunDiff, RunId,
    TestCaseId,
};

/// Fewest and most runs side by side.
const RUNS: std::ops::RangeInclusive<usize> = 2..=6;
const CONFIDENCE: f64 = 0.95;
/// Of the permutation tests, so that the same page says the same.
const SEED: u64 = 0x5eed;

/// What is set side by side.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DiffQuery {
    /// The runs, in this order.
    pub runs: Vec<RunId>,
    /// What the others are held against; the first run when absent.
    pub baseline: Option<RunId>,
    /// Which cases.
    pub show: DiffShow,
    /// Which page of them.
    pub page: Page,
}

type Key = (TestCaseId, u32);

/// The trials of one run by case.
struct Column {
    by_case: HashMap<Key, Vec<RunCell>>,
    order: Vec<Key>,
}

impl Column {
    fn of(cells: Vec<RunCell>) -> Self {
        let (mut by_case, mut order) = (HashMap::<Key, Vec<RunCell>>::new(), Vec::new());
        for cell in cells {
            let key = (cell.test_case_id, cell.case_version);
            let trials = by_case.entry(key).or_default();
            if trials.is_empty() {
                order.push(key);
            }
            trials.push(cell);
        }
        Self { by_case, order }
    }

    fn trials(&self, key: Key) -> &[RunCell] {
        self.by_case.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Mean over the trials that count; `None` without any.
    fn mean(&self, key: Key, value: fn(&RunCell) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.trials(key).iter().filter(|cell| cell.outcome.counts()).filter_map(value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    fn cell(&self, key: Key) -> Option<DiffCell> {
        let trials = self.trials(key);
        let counted = || trials.iter().filter(|cell| cell.outcome.counts() && cell.success.is_some());
        let worst = trials.iter().find(|cell| cell.outcome != Outcome::Pass);
        let shown = worst.or(trials.first())?;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Some(DiffCell {
            result: shown.id,
            outcome: shown.outcome,
            passed: number(counted().filter(|cell| cell.outcome == Outcome::Pass).count()),
            trials: number(counted().count()),
            reward: self.mean(key, |cell| cell.reward),
        })
    }
}

impl Service {
    /// Runs side by side, on the cases that all of them were asked at the same version.
    ///
    /// # Errors
    /// Not found: a run. Fewer than 2 runs or more than 6, one twice, or a baseline that is none of them.
    pub async fn run_diff(&self, query: &DiffQuery) -> Result<RunDiff> {
        let distinct: std::collections::BTreeSet<_> = query.runs.iter().collect();
        if !RUNS.contains(&query.runs.len()) || distinct.len() != query.runs.len() {
            return Err(Error::field("run", format!("name {} to {} different runs", RUNS.start(), RUNS.end())));
        }
        let baseline = query.baseline.unwrap_or(query.runs[0]);
        let place = query.runs.iter().position(|run| *run == baseline);
        let place = place.ok_or_else(|| Error::field("baseline", "is none of the runs"))?;
        let (mut runs, mut columns) = (Vec::new(), Vec::new());
        for id in &query.runs {
            let run = self.evaluation_find(*id).await?;
            let agent = self.agent_get(run.agent_id).await?.title();
            runs.push((run, agent));
            columns.push(Column::of(self.store().run_cells(*id).await?));
        }
        let everything: std::collections::HashSet<Key> =
            columns.iter().flat_map(|column| column.order.iter().copied()).collect();
        let asked = |key: &Key| columns.iter().all(|column| column.by_case.contains_key(key));
        let common: Vec<Key> = columns[0].order.iter().copied().filter(asked).collect();
        let scored = |key: &Key| columns.iter().all(|column| column.mean(*key, |cell| cell.success).is_some());
        let shared: Vec<Key> = common.iter().copied().filter(scored).collect();
        let runs = compared(runs, &columns, &shared, place);
        let listed: Vec<Key> = common.into_iter().filter(|key| is_shown(query.show, *key, &columns)).collect();
        let rows = self.diff_rows(&listed, query.page, &columns).await?;
        Ok(RunDiff { runs, shared: shared.len() as u64, of: everything.len() as u64, total: listed.len() as u64, rows })
    }

    async fn diff_rows(&self, listed: &[Key], page: Page, columns: &[Column]) -> Result<Vec<DiffRow>> {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let keys: Vec<Key> = listed.iter().copied().skip(size(page.skip)).take(size(page.limit)).collect();
        let cases = self.store().case_get_at(&keys).await?;
        let questions: BTreeMap<Key, String> =
            cases.into_iter().map(|case| ((case.id, case.version), case.draft.user_input)).collect();
        let row = |key: Key| DiffRow {
            test_case_id: key.0,
            question: questions.get(&key).cloned().unwrap_or_default(),
            cells: columns.iter().filter_map(|column| column.cell(key)).collect(),
        };
        Ok(keys.into_iter().map(row).collect())
    }
}

fn is_shown(show: DiffShow, key: Key, columns: &[Column]) -> bool {
    let all = || columns.iter().flat_map(|column| column.trials(key));
    match show {
        DiffShow::All => true,
        DiffShow::Failures => all().any(|cell| types::ResultShow::Failures.shows(cell.outcome)),
        DiffShow::Errors => all().any(|cell| types::ResultShow::Errors.shows(cell.outcome)),
        DiffShow::Different => {
            let mut shares = columns.iter().map(|column| column.mean(key, |cell| cell.success));
            let first = shares.next().flatten();
            shares.any(|share| share != first)
        }
    }
}

fn compared(
    runs: Vec<(EvaluationRunListItem, String)>,
    columns: &[Column],
    shared: &[Key],
    baseline: usize,
) -> Vec<DiffRun> {
    let success = against(columns, shared, baseline, |cell| cell.success);
    let reward = against(columns, shared, baseline, |cell| cell.reward);
    let rows = runs.into_iter().zip(columns).zip(success.into_iter().zip(reward));
    rows.map(|(((run, agent), column), (success_against, reward_against))| {
        let values = |value: fn(&RunCell) -> Option<f64>| -> Vec<f64> {
            shared.iter().filter_map(|key| column.mean(*key, value)).collect()
        };
        let (passed, rewards) = (values(|cell| cell.success), values(|cell| cell.reward));
        DiffRun {
            run,
            agent,
            success: mean(&passed),
            success_interval: (!passed.is_empty()).then(|| success_interval(&passed)),
            reward: mean(&rewards),
            reward_interval: mean_interval(&rewards, CONFIDENCE),
            success_against,
            reward_against,
        }
    })
    .collect()
}

/// Wilson's interval of single trials; of case means Student's.
fn success_interval(shares: &[f64]) -> (f64, f64) {
    let whole = shares.iter().all(|share| *share == 0.0 || *share == 1.0);
    let passed = shares.iter().filter(|share| **share == 1.0).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let student = || mean_interval(shares, CONFIDENCE).map(|(low, high)| (low.max(0.0), high.min(1.0)));
    if whole { wilson(number(passed), number(shares.len()), CONFIDENCE) } else { student().unwrap_or((0.0, 1.0)) }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Each run against the baseline, p adjusted over all of them.
fn against(
    columns: &[Column],
    shared: &[Key],
    baseline: usize,
    value: fn(&RunCell) -> Option<f64>,
) -> Vec<Option<BaselineDelta>> {
    let pairs = |column: &Column| -> Vec<Pair<'static>> {
        let both = shared.iter().filter_map(|key| column.mean(*key, value).zip(columns[baseline].mean(*key, value)));
        both.map(|(first, second)| Pair { first, second, weight: 1.0, cluster: None }).collect()
    };
    let mut found: Vec<Option<BaselineDelta>> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let stratum = Stratum { weight: 1.0, pairs: pairs(column) };
            let found = if place == baseline { None } else { difference(&[stratum], SEED) }?;
            Some(BaselineDelta { n: found.n, difference: found.mean, interval: found.interval, p: found.p })
        })
        .collect();
    let adjusted = holm(&found.iter().flatten().map(|one| one.p).collect::<Vec<_>>());
    for (one, p) in found.iter_mut().flatten().zip(adjusted) {
        one.p = p;
    }
    found
}
