//! Training: the list with its start form, and the page of one run with its live curves.

mod curves;
mod draft;
mod list;
mod record;
mod run;
mod start;

pub use list::TrainingsPage;
pub use run::TrainingPage;
