//! The table of test cases.

use super::{
    bulk::{BulkBar, Chosen},
    explain::{answer_text, tools_text},
    filters::{FACETS, Filters, PATH, PER_PAGE, case_query, sorted_by},
};
use crate::{
    api::cases::{case_import_samples, case_list, case_update},
    components::{
        Badge, Button, EmptyState, Icon, Kind, Loaded, NoMatch, PageHeader, Pagination, TableFrame, TimeAgo, Tone,
        use_toasts,
    },
    data::Data,
    present::{count, one_line},
    query::{link, page_of_skip},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use types::{CaseQuery, CaseSort, Paged, TestCase, TestCaseId, TestCaseUpdate};

/// The list.
#[component]
pub fn CasesPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(case_query));
    let cases = Data::new(move || wanted.get(), case_list);
    let changed = Callback::new(move |()| cases.refetch());
    let render = move |found: Paged<TestCase>| {
        let wanted = wanted.get_untracked();
        let filtered = wanted.search.is_some()
            || FACETS.iter().any(|key| query.with_untracked(|query| query.get_str(key).is_some()));
        if !found.items.is_empty() {
            return view! { <CaseTable found wanted changed/> }.into_any();
        }
        if !filtered && found.total == 0 {
            return view! { <NoCases changed/> }.into_any();
        }
        view! { <NothingFound wanted/> }.into_any()
    };
    view! {
        <div class="list-page">
        <PageHeader
            title="Test cases"
            lead="A test case is a question with what a right answer looks like. Evaluations judge agents by them; training learns from them."
        >
            <a class="button" data-kind="secondary" href="/api/v1/test-cases/export" rel="external" download="test-cases.json">"Export"</a>
            <a class="button" data-kind="secondary" href="/cases/import">"Import"</a>
            <a class="button" data-kind="primary" href="/cases/new">"New test case"</a>
        </PageHeader>
        <Filters/>
        <Loaded data=cases render/>
        </div>
    }
}

#[component]
fn NoCases(changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let import = move |_| {
        busy.set(true);
        spawn_local(async move {
            match case_import_samples().await {
                Ok(report) => toasts.say(format!("Imported {}.", count(report.created.into(), "sample case"))),
                Err(error) => toasts.fail(error.detail()),
            }
            busy.try_set(false);
            changed.run(());
        });
    };
    view! {
        <EmptyState
            icon=Icon::Cases
            title="No test cases yet"
            text="Write one, or start from the samples: arithmetic, weather, search and small talk."
        >
            <a class="button" data-kind="primary" href="/cases/new">"New test case"</a>
            <Button busy on:click=import>"Import samples"</Button>
            <a class="button" data-kind="secondary" href="/cases/import">"Import a file"</a>
        </EmptyState>
    }
}

#[component]
fn NothingFound(wanted: CaseQuery) -> impl IntoView {
    let navigate = use_navigate();
    let clear = Callback::new(move |()| navigate(PATH, Default::default()));
    let text = match wanted.search {
        Some(search) => format!("No test case contains “{search}”."),
        None => "No test case is of all that is chosen, or the list ends before this page.".into(),
    };
    view! { <NoMatch text clear/> }
}

#[component]
fn CaseTable(found: Paged<TestCase>, wanted: CaseQuery, changed: Callback<()>) -> impl IntoView {
    let query = use_query_map();
    let href =
        move |skip: u32| query.with_untracked(|query| link(PATH, query, &[("page", page_of_skip(skip, PER_PAGE))]));
    let created = match wanted.sort {
        CaseSort::Newest => (CaseSort::Oldest, Some("descending")),
        CaseSort::Oldest => (CaseSort::Newest, Some("ascending")),
        _ => (CaseSort::Newest, None),
    };
    let sorted = wanted.sort;
    let ascending = move |sort| (sorted == sort).then_some("ascending");
    let chosen = Chosen::new();
    let ids = StoredValue::new(found.items.iter().map(|case| case.id).collect::<Vec<_>>());
    let page = wanted.page;
    let every = move |event| chosen.ids.set(if event_target_checked(&event) { ids.get_value() } else { Vec::new() });
    let rows = found.items.into_iter().map(|case| view! { <CaseRow case chosen changed/> }).collect_view();
    view! {
        <BulkBar chosen wanted total=found.total rows=ids changed/>
        <TableFrame label="Test cases">
            <thead>
                <tr>
                    <th scope="col" class="select-cell"><input type="checkbox" aria-label="Choose all on this page" on:change=every/></th>
                    <SortHead label="Question" sort=CaseSort::Question state=ascending(CaseSort::Question)/>
                    <SortHead label="Expected answer" sort=CaseSort::TaskType state=ascending(CaseSort::TaskType)/>
                    <th scope="col">"Tools"</th>
                    <th scope="col">"Suite"</th>
                    <SortHead label="Created" sort=created.0 state=created.1/>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page total=found.total href/>
    }
}

#[component]
fn SortHead(label: &'static str, sort: CaseSort, state: Option<&'static str>) -> impl IntoView {
    let query = use_query_map();
    let href = move || query.with(|query| sorted_by(query, sort));
    view! {
        <th scope="col" aria-sort=state>
            <a class="sort-link" href=href data-sorted=state>{label}</a>
        </th>
    }
}

#[component]
fn CaseRow(case: TestCase, chosen: Chosen, changed: Callback<()>) -> impl IntoView {
    let TestCase { id, draft, created_at, .. } = case;
    let question = one_line(&draft.user_input, 160);
    let answer = match &draft.expected_output {
        Some(expected) => view! {
            <span>
                <span class="case-check">{check_word(&draft.task_type).to_owned()}</span>
                " "
                <span class="mono">{one_line(expected, 80)}</span>
            </span>
        }
        .into_any(),
        None => {
            let text = answer_text(&draft).unwrap_or_else(|| "not checked".into());
            view! { <span class="muted">{text}</span> }.into_any()
        }
    };
    let suite = [draft.suite.clone(), draft.split.map(|split| split.as_str().to_owned())];
    let suite = suite.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let archived = !draft.is_active;
    view! {
        <tr data-archived=archived.then_some("")>
            <td class="select-cell">
                <input type="checkbox" aria-label=format!("Choose “{}”", one_line(&question, 40))
                    prop:checked=move || chosen.all.get() || chosen.ids.with(|ids| ids.contains(&id))
                    on:change=move |event| chosen.set(id, event_target_checked(&event))/>
            </td>
            <th scope="row" data-label="Question" class="case-question">
                <a href=format!("/cases/{id}")>{question.clone()}</a>
                {draft.name.clone().filter(|name| !name.contains(draft.user_input.trim())).map(|name| view! { <span class="muted case-name">{name}</span> })}
                {archived.then(|| view! { <Badge text="archived".to_owned() tone=Tone::Plain/> })}
            </th>
            <td data-label="Expected answer">{answer}</td>
            <td data-label="Tools" class="nowrap">{tools_text(&draft)}</td>
            <td data-label="Suite" class="nowrap">{if suite.is_empty() { "–".to_owned() } else { suite }}</td>
            <td data-label="Created" class="nowrap"><TimeAgo moment=created_at/></td>
            <td class="actions-cell"><ArchiveButton id question archived changed/></td>
        </tr>
    }
}

/// The check as a verb between the question and the expected answer.
fn check_word(task_type: &str) -> &str {
    match task_type {
        "exact_match" => "is",
        "contains" => "contains",
        "numeric" => "equals",
        "semantic" => "means",
        "llm_judge" => "judged by",
        other => other,
    }
}

#[component]
fn ArchiveButton(id: TestCaseId, question: String, archived: bool, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let short = one_line(&question, 40);
    let name = if archived { format!("Restore “{short}”") } else { format!("Archive “{short}”") };
    let press = move |_| {
        busy.set(true);
        let short = short.clone();
        spawn_local(async move {
            match set_active(id, archived).await {
                Err(error) => toasts.fail(error.detail()),
                Ok(_) if archived => toasts.say(format!("“{short}” is active again.")),
                Ok(_) => toasts.undo(format!("Archived “{short}”."), move || {
                    spawn_local(async move {
                        if let Err(error) = set_active(id, true).await {
                            toasts.fail(error.detail());
                        }
                        changed.try_run(());
                    });
                }),
            }
            busy.try_set(false);
            changed.try_run(());
        });
    };
    view! {
        <Button kind=Kind::Ghost busy attr:aria-label=name on:click=press>
            {if archived { "Restore" } else { "Archive" }}
        </Button>
    }
}

async fn set_active(id: TestCaseId, active: bool) -> Result<TestCase, crate::error::AppError> {
    case_update(id, TestCaseUpdate { is_active: Some(active), ..TestCaseUpdate::default() }).await
}
