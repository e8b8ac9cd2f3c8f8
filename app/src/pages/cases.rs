//! Test cases: the list with its filters, the editor and the import.

mod draft;
mod edit;
mod explain;
mod file;
mod filters;
mod form;
mod import;
mod list;

pub use edit::{CasePage, NewCasePage};
pub use import::ImportPage;
pub use list::CasesPage;
