//! What the ranking is over, chosen with a plain form, and the ranking as a file.

use super::PATH;
use crate::query::link;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use service::LeaderboardScopes;
use types::{Leaderboard, LeaderboardQuery, SPLIT_WORDS};

/// Keys of the address that the form has no field for.
const KEPT: [&str; 3] = ["cases", "agents", "sort"];
const EXPORT: &str = "/api/v1/leaderboard/export";
const FORMATS: [(&str, &str); 3] = [("csv", "CSV"), ("json", "JSON"), ("markdown", "Markdown")];

/// Scope, categories and baseline.
pub fn form(address: &ParamsMap, query: &LeaderboardQuery, board: &Leaderboard, scopes: &LeaderboardScopes) -> AnyView {
    let plain = |words: &[String]| words.iter().map(|word| (word.clone(), word.clone())).collect::<Vec<_>>();
    let splits = SPLIT_WORDS.iter().filter(|(_, split)| scopes.splits.contains(split));
    let splits: Vec<_> = splits.map(|(word, _)| ((*word).to_owned(), (*word).to_owned())).collect();
    let agents: Vec<_> = board.rows.iter().map(|row| (row.agent_id.to_string(), row.agent_name.clone())).collect();
    let categories = [("suite", "Mean of suites"), ("split", "Mean of splits")];
    let categories: Vec<_> = categories.iter().map(|(word, label)| ((*word).to_owned(), (*label).to_owned())).collect();
    let weights = query.by.map(|_| weights(address));
    let kept = |key: &'static str| {
        address.get(key).map(|value| view! { <input type="hidden" name=key value=value /> }.into_any())
    };
    view! {
        <form class="board-filters" action=PATH aria-label="What is ranked">
            {choice(address, "suite", "Suite", "All suites", &plain(&scopes.suites))}
            {choice(address, "tag", "Tag", "Any tag", &plain(&scopes.tags))}
            {choice(address, "split", "Split", "All splits", &splits)}
            {choice(address, "by", "Score", "All cases together", &categories)}
            {weights}
            {choice(address, "baseline", "Baseline", "No baseline", &agents)}
            {KEPT.map(kept).into_iter().flatten().collect_view()}
            <button class="button" data-kind="secondary">"Show"</button>
        </form>
    }
    .into_any()
}

/// A select; nothing where there is nothing to choose and nothing was chosen.
fn choice(
    address: &ParamsMap,
    key: &'static str,
    label: &'static str,
    none: &'static str,
    choices: &[(String, String)],
) -> Option<AnyView> {
    let chosen = address.get(key).unwrap_or_default();
    let unknown = !chosen.is_empty() && !choices.iter().any(|(value, _)| *value == chosen);
    let extra =
        unknown.then(|| (chosen.clone(), if key == "baseline" { "Another agent".into() } else { chosen.clone() }));
    let all = choices.iter().cloned().chain(extra);
    let options: Vec<AnyView> = all
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }.into_any()
        })
        .collect();
    (!options.is_empty()).then(|| {
        view! {
            <label class="board-filter">
                <span>{label}</span>
                <select class="control" name=key>
                    <option value="">{none}</option>
                    {options}
                </select>
            </label>
        }
        .into_any()
    })
}

fn weights(address: &ParamsMap) -> AnyView {
    view! {
        <label class="board-filter">
            <span>"Weights"</span>
            <input class="control" name="weights" placeholder="math:2,search:1" value=address.get("weights") />
        </label>
    }
    .into_any()
}

/// Links to the ranking as a file.
pub fn exports(address: &ParamsMap) -> AnyView {
    let file = |(format, label): (&str, &'static str)| {
        let href = link(EXPORT, address, &[("format", Some(format.to_owned())), ("view", None)]);
        view! { <a class="button" data-kind="secondary" href=href download>{label}</a> }.into_any()
    };
    view! {
        <div class="board-exports" role="group" aria-label="Export">
            <span class="muted">"Export this ranking:"</span>
            {FORMATS.map(file).collect_view()}
        </div>
    }
    .into_any()
}
