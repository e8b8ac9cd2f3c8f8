//! Every page and its path.

pub mod agents;
pub mod cases;
pub mod chat;
pub mod evaluations;
pub mod home;
pub mod leaderboard;
pub mod metrics;
pub mod not_found;
pub mod settings;
pub mod tools;
pub mod training;
pub mod trajectories;

use crate::{components::toast::provide_toasts, layout::Layout};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The application: layout and routes. Pages are rendered whole by the server, so that they read without JavaScript
/// and carry the right status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "RL Chatbot".to_owned() } else { format!("{title} · RL Chatbot") } />
        <Router>
            <Layout>
                <FlatRoutes fallback=not_found::NotFoundPage>
                    <Route path=path!("/") view=home::HomePage ssr=SsrMode::Async />
                    <Route path=path!("/chat/compare") view=chat::ComparePage ssr=SsrMode::Async />
                    <Route path=path!("/chat/:conversation?") view=chat::ChatPage ssr=SsrMode::Async />
                    <Route path=path!("/agents") view=agents::AgentsPage ssr=SsrMode::Async />
                    <Route path=path!("/agents/new") view=agents::NewAgentPage ssr=SsrMode::Async />
                    <Route path=path!("/agents/:id") view=agents::AgentPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=settings::SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/tools") view=tools::ToolsPage ssr=SsrMode::Async />
                    <Route path=path!("/cases") view=cases::CasesPage ssr=SsrMode::Async />
                    <Route path=path!("/cases/import") view=cases::ImportPage ssr=SsrMode::Async />
                    <Route path=path!("/cases/new") view=cases::NewCasePage ssr=SsrMode::Async />
                    <Route path=path!("/cases/:id") view=cases::CasePage ssr=SsrMode::Async />
                    <Route path=path!("/evaluations") view=evaluations::EvaluationsPage ssr=SsrMode::Async />
                    <Route path=path!("/evaluations/compare") view=evaluations::CompareRunsPage ssr=SsrMode::Async />
                    <Route path=path!("/evaluations/metrics") view=metrics::MetricsPage ssr=SsrMode::Async />
                    <Route path=path!("/evaluations/disputed") view=evaluations::DisputesPage ssr=SsrMode::Async />
                    <Route path=path!("/evaluations/:id") view=evaluations::EvaluationPage ssr=SsrMode::Async />
                    <Route path=path!("/leaderboard") view=leaderboard::LeaderboardPage ssr=SsrMode::Async />
                    <Route path=path!("/training") view=training::TrainingsPage ssr=SsrMode::Async />
                    <Route path=path!("/trajectories") view=trajectories::TrajectoriesPage ssr=SsrMode::Async />
                    <Route path=path!("/training/:id") view=training::TrainingPage ssr=SsrMode::Async />
                </FlatRoutes>
            </Layout>
        </Router>
    }
}
