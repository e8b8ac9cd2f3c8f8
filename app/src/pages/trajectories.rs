//! What went through the gateway: a list to filter, and one call with what was asked and answered.

use crate::{
    api::trajectories::{Traffic, trajectory_list},
    components::{Card, EmptyState, Icon, Loaded, PageHeader, Pagination, TableFrame},
    data::Data,
    query::{link, page, page_of_skip},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use types::Page;

/// Path of the list.
pub const PATH: &str = "/trajectories";
const PER_PAGE: u32 = 50;
const COLUMNS: [&str; 6] = ["Model or tool", "Rollout", "Call", "Took", "Outcome", "Began (UTC)"];
const EXPORT: &str = "/api/v1/trajectories/export?format=sft";
const PAIRS: &str = "/api/v1/trajectories/export?format=dpo";
const KINDS: [(&str, &str); 3] = [("", "Models and tools"), ("model", "Models"), ("tool", "Tools")];

/// The list.
#[component]
pub fn TrajectoriesPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| (asked(query), page(query, PER_PAGE))));
    let data = Data::new(
        move || wanted.get(),
        |(asked, page): (Vec<String>, Page)| trajectory_list(asked, page.skip, page.limit),
    );
    let render = move |traffic| query.with_untracked(|query| shown(traffic, query));
    view! {
        <div class="list-page">
            <PageHeader
                title="Trajectories"
                lead="Calls of models and tools by clients of the gateway: point any framework at /v1 and /mcp of this server."
            />
            {move || query.with(filters)}
            <Loaded data render />
        </div>
    }
    .into_any()
}

/// Rollout, model, kind and open call.
fn asked(query: &ParamsMap) -> Vec<String> {
    ["rollout", "model", "kind", "call"].map(|key| query.get(key).unwrap_or_default()).to_vec()
}

fn filters(query: &ParamsMap) -> AnyView {
    let input = |key: &'static str, label: &'static str| {
        view! { <input class="control" name=key placeholder=label aria-label=label value=query.get(key) /> }.into_any()
    };
    view! {
        <form class="trajectory-filters" role="search" action=PATH>
            {input("rollout", "Rollout")}
            {input("model", "Model or tool")}
            <select class="control" name="kind" aria-label="Kind">
                {KINDS.map(|(value, label)| view! { <option value=value selected=query.get("kind").unwrap_or_default() == value>{label}</option> }.into_any()).collect_view()}
            </select>
            <button class="button" data-kind="secondary">"Filter"</button>
            <a class="button" data-kind="secondary" href=EXPORT download>"Export for training"</a>
            <a class="button" data-kind="secondary" href=PAIRS download>"Export preferences"</a>
        </form>
    }
    .into_any()
}

fn shown(Traffic { rows, total, open }: Traffic, query: &ParamsMap) -> AnyView {
    if rows.is_empty() {
        let text = "Point an OpenAI-compatible client at this server, or widen the filter.";
        return view! { <EmptyState icon=Icon::Document title="No calls" text /> }.into_any();
    }
    let href = {
        let query = query.clone();
        move |skip: u32| link(PATH, &query, &[("page", page_of_skip(skip, PER_PAGE))])
    };
    let opened = ["Asked", "Answered"].into_iter().zip(open).map(block).collect_view();
    let rows = rows.into_iter().map(|cells| row(cells, query)).collect_view();
    view! {
        {opened}
        <TableFrame label="Calls">
            <thead>
                <tr>{COLUMNS.map(|label| view! { <th scope="col">{label}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page=page(query, PER_PAGE) total href />
    }
    .into_any()
}

fn block((title, text): (&'static str, String)) -> AnyView {
    view! {
        <Card title>
            <pre class="trajectory-body" tabindex="0">{text}</pre>
        </Card>
    }
    .into_any()
}

fn row(cells: Vec<String>, query: &ParamsMap) -> AnyView {
    let mut cells = cells.into_iter();
    let open = link(PATH, query, &[("call", cells.next())]);
    let name = cells.next().unwrap_or_default();
    let cell = |(label, text): (&'static &str, String)| view! { <td data-label=*label>{text}</td> }.into_any();
    view! {
        <tr>
            <th scope="row"><a href=open>{name}</a></th>
            {COLUMNS.iter().skip(1).zip(cells).map(cell).collect_view()}
        </tr>
    }
    .into_any()
}
