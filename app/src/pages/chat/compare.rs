//! One question to several agents side by side, and a vote on their answers.

use super::{
    messages::Messages,
    session::Session,
    thread::{Phase, Thread},
};
use crate::{
    api::chat::{Opening, chat_open, vote_cast},
    components::{Button, Kind, Loaded, PageHeader, TextArea, use_toasts},
    data::Data,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use types::{Agent, AgentId, CANDIDATES_MAX, Candidate, Verdict, VoteDraft};

/// An agent and the conversation with it.
type Column = (Agent, Session);

/// The page. The address names the agents.
#[component]
pub fn ComparePage() -> impl IntoView {
    let query = use_query_map();
    let opening = Data::new(|| (), |()| chat_open(None, None));
    let render = move |opening: Opening| {
        let chosen = query.with(|query| query.get_all("agent").unwrap_or_default());
        let is_chosen = |agent: &Agent| chosen.contains(&agent.id.to_string());
        let (some, agents) = (opening.agents.iter().filter(|agent| is_chosen(agent)), &opening.agents);
        let columns: Vec<Agent> = some.take(CANDIDATES_MAX).cloned().collect();
        let choices = agents.iter().map(|agent| choice(agent, is_chosen(agent))).collect_view();
        let hint = (columns.len() < 2).then(|| view! { <p class="muted">"Choose two to four agents."</p> });
        view! {
            <form class="compare-choice" method="get" action="/chat/compare">
                {choices}
                <Button r#type="submit">"Compare"</Button>
            </form>
            {hint}
            {(columns.len() >= 2).then(|| view! { <Columns agents=columns /> })}
        }
        .into_any()
    };
    view! {
        <PageHeader title="Side by side" lead="One question to several agents; say whose answer is best." />
        <Loaded data=opening render />
    }
}

fn choice(agent: &Agent, chosen: bool) -> impl IntoView + use<> {
    view! {
        <label class="compare-agent">
            <input type="checkbox" name="agent" value=agent.id.to_string() checked=chosen />
            {agent.title()}
        </label>
    }
}

#[component]
fn Columns(agents: Vec<Agent>) -> impl IntoView {
    let stored = RwSignal::new(0);
    let columns: Vec<Column> = agents
        .into_iter()
        .map(|agent| (agent.clone(), Session::new(agent.id, Thread::default(), stored, None)))
        .collect();
    let columns = StoredValue::new(columns);
    let (question, asked) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = Memo::new(move |_| {
        columns.with_value(|columns| columns.iter().any(|(_, session)| session.thread.with(Thread::is_busy)))
    });
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        let text = question.get_untracked().trim().to_owned();
        if !text.is_empty() && !busy.get_untracked() {
            columns.with_value(|columns| columns.iter().for_each(|(_, session)| session.send(text.clone())));
            asked.set(text);
            question.set(String::new());
        }
    };
    let each = columns.get_value().into_iter().map(column).collect_view();
    view! {
        <form class="compare-ask" on:submit=ask>
            <TextArea name="question" label="Question to all of them" value=question />
            <Button kind=Kind::Primary r#type="submit" busy=Signal::from(busy)>
                "Ask"
            </Button>
        </form>
        <div class="compare-columns">{each}</div>
        <Show when=move || !busy.get() && !asked.read().is_empty()>
            <Ballot columns asked />
        </Show>
    }
}

fn column((agent, session): Column) -> impl IntoView {
    let title = agent.title();
    let (label, agent_name) = (title.clone(), Signal::stored(title.clone()));
    view! {
        <section class="compare-column" aria-label=label>
            <h2>{title}</h2>
            <Messages session agent_name />
        </section>
    }
}

/// Whose answer is best.
#[component]
fn Ballot(columns: StoredValue<Vec<Column>>, asked: RwSignal<String>) -> impl IntoView {
    let toasts = use_toasts();
    let vote = move |verdict: Verdict, winner: Option<AgentId>| {
        let candidates = columns.with_value(|columns| columns.iter().filter_map(candidate).collect());
        let draft = VoteDraft { question: asked.get_untracked(), candidates, verdict, winner };
        spawn_local(async move {
            match vote_cast(draft).await {
                Ok(()) => {
                    toasts.say("Vote saved");
                    asked.try_set(String::new());
                }
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    let best = move |(agent, _): Column| {
        let text = format!("{} is best", agent.title());
        view! { <Button on:click=move |_| vote(Verdict::Winner, Some(agent.id))>{text}</Button> }
    };
    let failed = columns.with_value(|columns| {
        columns.iter().any(|(_, session)| session.thread.with_untracked(|thread| thread.phase != Phase::Idle))
    });
    if failed {
        return view! { <p class="muted">"Votes are taken when all of them have answered."</p> }.into_any();
    }
    view! {
        <div class="compare-ballot" role="group" aria-label="Vote">
            {columns.get_value().into_iter().map(best).collect_view()}
            <Button on:click=move |_| vote(Verdict::Tie, None)>"Tie"</Button>
            <Button on:click=move |_| vote(Verdict::BothBad, None)>"None is good"</Button>
        </div>
    }
    .into_any()
}

fn candidate((agent, session): &Column) -> Option<Candidate> {
    let conversation_id = session.thread.with_untracked(|thread| thread.conversation)?;
    Some(Candidate { agent_id: agent.id, conversation_id })
}
