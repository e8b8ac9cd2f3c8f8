//! Metrics that people write: kept, tried on past samples, computed for the samples of a run.

use crate::{Result, Service, agent::refuse_if_any, blocking, new_id};
use evaluation::MetricLanguage;
use types::{
    Error, EvaluationResult, FieldError, METRICS_MAX, Metric, MetricCreate, MetricId, MetricSummary, Page, ResultQuery,
    RunId, RunKind,
};

/// Most past samples a metric is tried on.
const PREVIEW_SAMPLES: usize = 200;
/// Newest runs that samples are taken of.
const PREVIEW_RUNS: u32 = 20;
/// Samples of which the value is told.
const SHOWN: usize = 12;
/// Results read at a time.
const AT_ONCE: u32 = 500;
/// Most samples of a run that its metrics are computed of.
const SAMPLES_MAX: usize = 20_000;

impl Service {
    /// A new metric.
    ///
    /// # Errors
    /// Refused fields, among them an expression that cannot be read; a name that is taken; too many.
    pub async fn metric_create(&self, draft: MetricCreate) -> Result<Metric> {
        refuse_if_any(refused(&draft))?;
        if self.store().metric_list().await?.len() >= METRICS_MAX {
            return Err(Error::Conflict(format!("there are {METRICS_MAX} metrics, which is the most")));
        }
        let metric = metric(MetricId(new_id()), draft, self.now());
        self.store().metric_insert(&metric).await.map_err(|error| taken(&metric.name, error))?;
        Ok(metric)
    }

    /// Every field of a metric that would be refused; empty = it can be kept, unless its name is taken.
    pub fn metric_check(&self, draft: &MetricCreate) -> Vec<FieldError> {
        refused(draft)
    }

    /// Every metric, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn metric_list(&self) -> Result<Vec<Metric>> {
        self.store().metric_list().await
    }

    /// The metric as it is now to be.
    ///
    /// # Errors
    /// Not found, refused fields, a name that is taken.
    pub async fn metric_replace(&self, id: MetricId, draft: MetricCreate) -> Result<Metric> {
        refuse_if_any(refused(&draft))?;
        let before = self.store().metric_list().await?.into_iter().find(|metric| metric.id == id);
        let before = before.ok_or_else(|| Error::not_found("metric", id))?;
        let after = Metric { updated_at: Some(self.now()), ..metric(id, draft, before.created_at) };
        if !self.store().metric_update(&after).await.map_err(|error| taken(&after.name, error))? {
            return Err(Error::not_found("metric", id));
        }
        Ok(after)
    }

    /// Deletes a metric. Nothing that was stored depends on it.
    ///
    /// # Errors
    /// Not found.
    pub async fn metric_delete(&self, id: MetricId) -> Result<()> {
        let deleted = self.store().metric_delete(id).await?;
        if deleted { Ok(()) } else { Err(Error::not_found("metric", id)) }
    }

    /// What a metric would say of past samples, newest runs first; nothing is stored.
    ///
    /// # Errors
    /// Refused fields.
    pub async fn metric_preview(&self, draft: MetricCreate) -> Result<MetricSummary> {
        refuse_if_any(refused(&draft))?;
        let metric = metric(MetricId(new_id()), draft, self.now());
        let mut samples = Vec::new();
        let runs = self.store().evaluation_list(None, Page { skip: 0, limit: PREVIEW_RUNS }).await?;
        for run in runs.items {
            let room = PREVIEW_SAMPLES.saturating_sub(samples.len());
            if room == 0 {
                break;
            }
            samples.extend(self.samples_of(run.id, room).await?);
        }
        blocking(move || Ok(MetricLanguage::default().summary(&metric, &samples, SHOWN))).await
    }

    /// Every metric over the samples of a run.
    ///
    /// # Errors
    /// Not found; invalid when the run has more samples than metrics are computed of.
    pub async fn metric_of_run(&self, run: RunId) -> Result<Vec<MetricSummary>> {
        self.run_of_kind(run, RunKind::Evaluation).await?;
        let metrics = self.store().metric_list().await?;
        if metrics.is_empty() {
            return Ok(Vec::new());
        }
        let samples = self.samples_of(run, SAMPLES_MAX + 1).await?;
        if samples.len() > SAMPLES_MAX {
            return Err(Error::Invalid(format!("metrics are computed of runs of up to {SAMPLES_MAX} samples")));
        }
        blocking(move || {
            let language = MetricLanguage::default();
            Ok(metrics.iter().map(|metric| language.summary(metric, &samples, SHOWN)).collect())
        })
        .await
    }

    /// Puts the metrics into results that are read, where they have a value.
    pub(crate) async fn metric_fill(&self, mut results: Vec<EvaluationResult>) -> Result<Vec<EvaluationResult>> {
        let metrics = self.store().metric_list().await?;
        if metrics.is_empty() {
            return Ok(results);
        }
        blocking(move || {
            let language = MetricLanguage::default();
            let computed: Vec<_> =
                metrics.iter().map(|one| (&one.name, language.computing(&one.expression, one.kind))).collect();
            for result in &mut results {
                let values: Vec<(String, f64)> = computed
                    .iter()
                    .filter_map(|(name, compute)| Some(((*name).clone(), compute(result).ok()?)))
                    .collect();
                for (name, value) in values {
                    // The program's own metrics keep their names.
                    result.metrics.entry(name).or_insert(value);
                }
            }
            Ok(results)
        })
        .await
    }

    async fn samples_of(&self, run: RunId, most: usize) -> Result<Vec<EvaluationResult>> {
        let mut samples = Vec::new();
        while samples.len() < most {
            let limit = u32::try_from(most - samples.len()).unwrap_or(AT_ONCE).min(AT_ONCE);
            let page = Page { skip: u32::try_from(samples.len()).unwrap_or(u32::MAX), limit };
            let query = ResultQuery { page, ..ResultQuery::default() };
            let found = self.store().evaluation_result_list(run, query).await?.items;
            let is_last = found.len() < limit as usize;
            samples.extend(found);
            if is_last {
                break;
            }
        }
        Ok(samples)
    }
}

fn metric(id: MetricId, draft: MetricCreate, created_at: types::Timestamp) -> Metric {
    let MetricCreate { name, description, expression, kind } = draft;
    Metric { id, name, description, expression, kind, created_at, updated_at: None }
}

fn refused(draft: &MetricCreate) -> Vec<FieldError> {
    let mut errors = draft.validate();
    if OWN_NAMES.contains(&draft.name.as_str()) {
        errors.push(FieldError::new("name", format!("is `{}`, which the program itself computes", draft.name)));
    }
    if errors.is_empty() {
        errors.extend(MetricLanguage::default().refusal(&draft.expression));
    }
    errors
}

/// What every result has already.
const OWN_NAMES: [&str; 3] = ["argument_accuracy", "call_exactness", "minimal_call_efficiency"];

/// A name that is taken, in words; other errors as they are.
fn taken(name: &str, error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::field("name", format!("is `{name}`, which another metric has")),
        other => other,
    }
}
