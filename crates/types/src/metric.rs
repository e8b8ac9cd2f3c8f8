//! Metrics that people write: an expression over what is stored of a sample.

use crate::{FieldError, MetricId, ResultId, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest expression, in characters.
pub const METRIC_EXPRESSION_CHARS_MAX: usize = 2_000;
/// Most metrics.
pub const METRICS_MAX: usize = 50;

/// What a metric says of a sample.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// A number.
    #[default]
    Number,
    /// True or false, counted as 1 and 0.
    Flag,
}

/// A metric to add, or what one becomes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricCreate {
    /// Its name, unique: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What it says, for people.
    #[serde(default)]
    pub description: String,
    /// The expression, such as `calls|length` or `"sorry" in reply|lower`.
    pub expression: String,
    /// What the expression gives.
    #[serde(default)]
    pub kind: MetricKind,
}

/// A metric.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metric {
    /// Its id.
    pub id: MetricId,
    /// Its name, unique.
    pub name: String,
    /// What it says, for people.
    pub description: String,
    /// The expression.
    pub expression: String,
    /// What the expression gives.
    pub kind: MetricKind,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

/// The value of a metric for one sample.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricValue {
    /// The result it is of.
    pub result_id: ResultId,
    /// What was asked, shortened.
    pub user_input: String,
    /// The value; null where it cannot be computed.
    pub value: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// How many values lie in `from..to`; the last bar holds `to` as well.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricBar {
    /// Least value.
    pub from: f64,
    /// The value where the next bar begins.
    pub to: f64,
    /// How many values lie in it.
    pub count: u32,
}

/// A metric over many samples.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricSummary {
    /// Its name.
    pub name: String,
    /// What it says, for people.
    pub description: String,
    /// What the expression gives.
    pub kind: MetricKind,
    /// Samples with a value.
    pub n: u32,
    /// Samples without one.
    pub missing: u32,
    /// Mean of the values; null without any.
    pub mean: Option<f64>,
    /// 95% interval of the mean (t over the means of the cases, Wilson for true and false); null below two cases.
    pub interval: Option<(f64, f64)>,
    /// The values in ten bars, or two of true and false.
    pub histogram: Vec<MetricBar>,
    /// The first samples, those without a value before the others.
    pub samples: Vec<MetricValue>,
}

impl MetricCreate {
    /// Every field that would be refused; empty = valid, but for the expression, which the service reads.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut letters = self.name.chars();
        let starts = letters.next().is_some_and(|first| first.is_ascii_lowercase());
        let goes_on = letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        if !starts || !goes_on || self.name.len() > 40 {
            errors.push(FieldError::new("name", "expected up to 40 of a-z, 0-9 and _, beginning with a letter"));
        }
        if self.description.chars().count() > 500 {
            errors.push(FieldError::new("description", "is longer than 500 characters"));
        }
        if self.expression.trim().is_empty() {
            errors.push(FieldError::new("expression", "is empty; an example: calls|length"));
        }
        if self.expression.chars().count() > METRIC_EXPRESSION_CHARS_MAX {
            let message = format!("is longer than {METRIC_EXPRESSION_CHARS_MAX} characters");
            errors.push(FieldError::new("expression", message));
        }
        errors
    }
}
