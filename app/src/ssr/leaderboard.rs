//! The leaderboard as HTML: everything on it is a link or a plain form, so the browser's half needs no code for it.

mod charts;
mod filters;
mod history;
mod table;
mod votes;

use crate::{
    api::leaderboard::KEYS,
    components::{EmptyState, Icon, Tab, Tabs},
    query::link,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use service::LeaderboardScopes;
use types::{CaseMatch, Error, Leaderboard, LeaderboardQuery};

/// Path of the page.
const PATH: &str = "/leaderboard";

/// The part of the page that depends on its address, of which `asked` has the value of each key.
pub async fn html(asked: &[String]) -> Result<String, Error> {
    let said = KEYS.iter().zip(asked).filter(|(_, value)| !value.is_empty());
    let address: ParamsMap = said.map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let service = super::service();
    match (address.get_str("view"), address.get_str("agent")) {
        (Some("votes"), _) => Ok(votes::section(&address, service.vote_ranking().await?).to_html()),
        (_, Some(agent)) => {
            let id = agent.parse().map_err(|_| Error::not_found("agent", agent))?;
            Ok(history::section(&address, &service.agent_history(id).await?).to_html())
        }
        _ => {
            let query = LeaderboardQuery::read(|key| address.get(key))?;
            let board = service.leaderboard(&query).await?;
            let scopes = service.leaderboard_scopes().await?;
            Ok(section(&address, &query, &board, &scopes).to_html())
        }
    }
}

/// What is ranked by.
fn tabs(address: &ParamsMap, open: &str) -> AnyView {
    let tab = |label: &str, view: &str| Tab {
        label: label.to_owned(),
        href: link(PATH, address, &[("view", Some(view.to_owned())), ("agent", None)]),
        current: view == open,
    };
    view! { <Tabs label="Ranked by" tabs=vec![tab("Test cases", ""), tab("People's votes", "votes")] /> }.into_any()
}

fn section(address: &ParamsMap, query: &LeaderboardQuery, board: &Leaderboard, scopes: &LeaderboardScopes) -> AnyView {
    let tabs = tabs(address, "");
    if board.rows.is_empty() && board.unranked.is_empty() {
        return view! { {tabs} {nobody()} }.into_any();
    }
    let notes = board.notes.iter().map(|note| view! { <p class="muted">{note.clone()}</p> }.into_any()).collect_view();
    view! {
        {tabs}
        {filters::form(address, query, board, scopes)}
        <p class="leaderboard-verdict">{board.verdict.clone()}</p>
        {comparability(address, query, board)}
        {notes}
        {table::ranking(address, query, board)}
        <p class="muted leaderboard-note">{explained(board)}</p>
        {filters::exports(address)}
        {charts::intervals(&board.rows)}
        {charts::trade_off(&board.rows)}
    }
    .into_any()
}

fn nobody() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Leaderboard
            title="No agent has been judged yet"
            text="Evaluate two agents on the same test cases; they are ranked here as soon as both are done."
        >
            <a class="button" data-kind="primary" href="/evaluations">"Evaluate an agent"</a>
            <a class="button" data-kind="secondary" href="/cases">"See the test cases"</a>
        </EmptyState>
    }
    .into_any()
}

/// Over which cases the ranking is, and over which others it could be.
fn comparability(address: &ParamsMap, query: &LeaderboardQuery, board: &Leaderboard) -> Option<AnyView> {
    let shared = &board.shared;
    let common = format!("{} of {} cases", shared.cases, shared.of);
    if query.cases == CaseMatch::Shared {
        let href = link(PATH, address, &[("cases", None), ("agents", None)]);
        let told = format!("Ranked over {common}: those that all {} agents here have in common. ", shared.agents);
        return Some(view! { <p>{told}<a href=href>"Rank over one whole set of cases instead"</a></p> }.into_any());
    }
    let others = board.unranked.iter().filter(|row| row.run_id.is_some()).count();
    (others > 0 && shared.cases > 0).then(|| {
        let href = link(PATH, address, &[("cases", Some("shared".into()))]);
        let told =
            format!("Not all agents were judged on the same cases; all {} have {common} in common. ", shared.agents);
        view! { <p>{told}<a href=href>"Rank all of them over those"</a></p> }.into_any()
    })
}

fn explained(board: &Leaderboard) -> String {
    format!(
        "A rank range holds every rank that the intervals leave open. Agents are compared pairwise on the same cases (same \
         version of each) by the {}, with Holm's correction; “same tier” means the test cannot tell them from the leader at 5%.",
        board.paired_test
    )
}
