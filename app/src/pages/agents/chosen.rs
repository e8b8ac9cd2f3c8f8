//! Several agents chosen, and what is done with all of them.

use crate::{
    api::agents::{agent_act, agent_copy},
    components::{Button, Kind, Toasts, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use types::{AgentAction, AgentId};

/// The box that chooses an agent.
#[component]
pub fn ChooseAgent(
    /// Which.
    id: AgentId,
    /// Its name.
    title: String,
    /// The chosen ones.
    chosen: RwSignal<Vec<AgentId>>,
) -> impl IntoView {
    let toggle = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|one| *one == id) {
            Some(place) => drop(chosen.remove(place)),
            None => chosen.push(id),
        });
    };
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&id));
    view! { <input type="checkbox" aria-label=format!("Choose {title}") prop:checked=is_chosen on:change=toggle /> }
}

/// What can be done with the chosen ones; nothing while there are none.
#[component]
pub fn ChosenBar(
    /// The chosen ones.
    chosen: RwSignal<Vec<AgentId>>,
    /// Called after something was done.
    again: Callback<()>,
) -> impl IntoView {
    let (copies, toasts) = (RwSignal::new("1".to_owned()), use_toasts());
    let act = move |action, done| act(chosen.get_untracked(), action, done, (toasts, again));
    let copy = move |_| {
        let (ids, count) = (chosen.get_untracked(), copies.get_untracked().parse().unwrap_or_default());
        spawn_local(async move {
            match agent_copy(ids, count).await {
                Ok(()) => drop(again.try_run(())),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    view! {
        <Show when=move || !chosen.read().is_empty()>
            <div class="chosen-bar" role="group" aria-label="Chosen agents">
                <span>{move || format!("{} chosen", chosen.read().len())}</span>
                <Button on:click=move |_| act(AgentAction::Reset, "reset: their open conversations have ended")>"Reset"</Button>
                <input
                    class="control"
                    type="number"
                    min="1"
                    max="100"
                    aria-label="Copies of each"
                    prop:value=move || copies.get()
                    on:input=move |event| copies.set(event_target_value(&event))
                />
                <Button on:click=copy>"Copy"</Button>
                <Button kind=Kind::Danger on:click=move |_| act(AgentAction::Delete, "deleted")>"Delete"</Button>
                <Button kind=Kind::Ghost on:click=move |_| chosen.set(Vec::new())>"Choose none"</Button>
            </div>
        </Show>
    }
}

/// Does it, says so, and offers to bring back what was deleted.
fn act(ids: Vec<AgentId>, action: AgentAction, done: &'static str, (toasts, again): (Toasts, Callback<()>)) {
    spawn_local(async move {
        let text = format!("{} agents {done}", ids.len());
        if let Err(error) = agent_act(ids.clone(), action).await {
            return toasts.fail(error.detail());
        }
        match action {
            AgentAction::Delete => {
                toasts.undo(text, move || act(ids.clone(), AgentAction::Restore, "restored", (toasts, again)));
            }
            _ => toasts.say(text),
        }
        again.try_run(());
    });
}
