//! Test cases: the list with its filters, the editor and the import.

mod bulk;
mod edit;
mod explain;
mod file;
mod filters;
mod import;
mod list;

pub use edit::{CasePage, NewCasePage};
pub use explain::passes_when;
pub use filters::FACETS;
pub use import::ImportPage;
pub use list::CasesPage;
