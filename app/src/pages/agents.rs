//! Agents: the list, the form, and one agent's page.

mod chosen;
mod detail;
mod draft;
mod form;
mod list;
mod reply_forms;

pub use detail::AgentPage;
pub use form::NewAgentPage;
pub use list::AgentsPage;
