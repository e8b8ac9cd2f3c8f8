//! A form of a tool, opened by its button: its fields are made from the schema, its answer is shown below.

use crate::{
    api::added_tools::{tool_form, tool_form_send},
    components::{Button, ParameterFields},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde_json::{Map, Value};
use types::{ParameterSpec, ToolForm};

/// The button, and the form it opens.
#[component]
pub fn OpenedForm(
    /// What the form is for.
    of: ToolForm,
    /// Text of the button that opens it.
    open: &'static str,
    /// Text of the button that sends it.
    send: &'static str,
    /// Runs after each answer that is no refusal.
    #[prop(optional)]
    done: Option<Callback<()>>,
) -> impl IntoView {
    let (fields, said) = (RwSignal::new(None::<Vec<ParameterSpec>>), RwSignal::new(String::new()));
    let shown = of.clone();
    let show = move |_| {
        let of = shown.clone();
        spawn_local(async move {
            match tool_form(of).await {
                Ok(found) => drop(fields.try_set(Some(found))),
                Err(error) => drop(said.try_set(error.detail())),
            }
        });
    };
    view! {
        <div class="tool-card-body">
            {move || match fields.get() {
                Some(specs) => sending(of.clone(), specs, send, said, done),
                None => view! { <Button on:click=show.clone()>{open}</Button> }.into_any(),
            }}
            <div role="status">
                {move || Some(said.get()).filter(|said| !said.is_empty()).map(|said| view! { <pre>{said}</pre> })}
            </div>
        </div>
    }
    .into_any()
}

/// The fields and the button that sends them.
fn sending(
    of: ToolForm,
    specs: Vec<ParameterSpec>,
    send: &'static str,
    said: RwSignal<String>,
    done: Option<Callback<()>>,
) -> AnyView {
    let (values, busy) = (RwSignal::new(Map::new()), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let of = of.clone();
        spawn_local(async move {
            said.try_set(answer(of, values.get_untracked(), done).await);
            busy.try_set(false);
        });
    };
    view! {
        <form class="form" on:submit=submit>
            <ParameterFields specs values />
            <div class="actions">
                <Button r#type="submit" busy>
                    {send}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is said of what was filled in.
async fn answer(of: ToolForm, values: Map<String, Value>, done: Option<Callback<()>>) -> String {
    match tool_form_send(of, values).await {
        Ok(outcome) => {
            if let Some(done) = done {
                done.try_run(());
            }
            if outcome.is_error { format!("Error: {}", outcome.result) } else { outcome.result }
        }
        Err(error) => error.detail(),
    }
}
