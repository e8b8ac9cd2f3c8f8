//! Evaluations: the list with its start form, and the page of one run.

mod compare;
mod detail;
mod list;
mod reading;
mod results;
mod run;
mod start;
mod summary;

pub use compare::CompareRunsPage;
pub use detail::Evidence;
pub use list::EvaluationsPage;
pub use reading::{DisputesPage, PER_PAGE as DISPUTES_PER_PAGE};
pub use run::EvaluationPage;
