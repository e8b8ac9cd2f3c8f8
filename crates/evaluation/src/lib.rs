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
mod expectation;
mod expressions;
mod lint;
mod numbers;
mod ranking;
mod rules;
mod score;
pub mod statistics;

pub use aggregate::{aggregate, aggregate_weighted};
pub use answers::{AnswerCheck, Judgement, Wanted, answer_checks};
pub use calls::{WantedCall, modes as call_modes};
pub use engine::{Sample, Settings, Verdict, run};
pub use expectation::Expectation;
pub use lint::check_case;
pub use ranking::{RankEntry, RankRow, rank};
pub use score::{Assessment, CallMetrics, assess, score};
