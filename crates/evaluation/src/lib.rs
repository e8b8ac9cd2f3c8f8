//! Scoring of transcripts, metrics over many, and the statistics that rank agents.
//!
//! [`score`] judges one recorded transcript and is the one reward function: evaluation reports it, training maximises
//! it. What nothing checks is `None`, never a constant. Nothing here sees the store, a socket or a clock.

mod aggregate;
mod answer_tree;
mod answers;
pub mod bfcl;
mod calls;
mod engine;
mod expressions;
mod lint;
mod metric;
mod models;
mod numbers;
mod ranking;
mod rules;
mod score;
pub mod statistics;
mod tools_of;

pub use aggregate::{Counted, aggregate};
pub use answers::{AnswerCheck, Judgement, ModelKind, Wanted, answer_checks};
pub use calls::modes as call_modes;
pub use engine::{Sample, Settings, Verdict, assess_case, run, sample_seed};
pub use lint::{check_case, lint, models_needed, question_of};
pub use metric::MetricLanguage;
pub use models::{ModelAnswer, ModelJudge, ModelQuestion, ModelVerdict, NoModel};
pub use ranking::{RankEntry, RankRow, SIGNIFICANCE, Standing, rank, rank_by, rank_range};
pub use rules::{RuleSpec, argument_rules};
pub use score::{Assessment, assess, score};
