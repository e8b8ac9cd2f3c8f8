//! Evaluations: the list with its start form, and the page of one run.

mod compare;
mod detail;
mod list;
mod results;
mod run;
mod start;
mod summary;

pub use compare::CompareRunsPage;
pub use detail::Evidence;
pub use list::EvaluationsPage;
pub use run::EvaluationPage;
