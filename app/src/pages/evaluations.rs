//! Evaluations: the list with its start form, and the page of one run.

mod detail;
mod list;
mod results;
mod run;
mod start;
mod summary;

pub use detail::Evidence;
pub use list::EvaluationsPage;
pub use run::EvaluationPage;
