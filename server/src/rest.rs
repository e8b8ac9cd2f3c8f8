//! The REST interface of the contract: one file per resource, `router()` first. Handlers parse, call and present.

mod added_tools;
mod agents;
mod algorithms;
mod approvals;
mod bridge;
mod case_work;
mod chat;
mod conversations;
mod documents;
mod evaluation_reading;
mod evaluations;
mod feedback;
mod frameworks;
mod health;
mod leaderboard;
mod list;
mod metrics;
mod overview;
mod providers;
mod reply_forms;
mod run;
mod settings;
mod test_cases;
mod tools;
mod training;
mod trajectories;
mod votes;

use crate::{problem::Failure, state::AppState};
use utoipa_axum::router::OpenApiRouter;

/// What a handler answers.
type Answer<T> = Result<T, Failure>;

/// Every resource with its documentation.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(health::router())
        .merge(overview::router())
        .merge(agents::router())
        .merge(frameworks::router())
        .merge(bridge::router())
        .merge(providers::router())
        .merge(tools::router())
        .merge(added_tools::router())
        .merge(reply_forms::router())
        .merge(chat::router())
        .merge(conversations::router())
        .merge(approvals::router())
        .merge(feedback::router())
        .merge(votes::router())
        .merge(documents::router())
        .merge(test_cases::router())
        .merge(case_work::router())
        .merge(evaluations::router())
        .merge(evaluation_reading::router())
        .merge(metrics::router())
        .merge(leaderboard::router())
        .merge(settings::router())
        .merge(training::router())
        .merge(trajectories::router())
        .merge(algorithms::router())
}
