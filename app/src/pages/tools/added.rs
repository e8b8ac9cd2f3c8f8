//! Tools that people added: list, switch, refresh, delete, add.

use super::form::OpenedForm;
use crate::{
    api::added_tools::{added_tool_change, added_tool_list},
    components::{Button, Card, Loaded, use_toasts},
    data::Data,
};
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};
use types::{AddedTool, AddedToolChange, AddedToolId, AddedToolKind, ServerTool, ToolForm};

/// The section. `again` runs when the tools on offer have changed.
#[component]
pub fn AddedTools(again: Callback<()>) -> impl IntoView {
    let data = Data::new(|| (), |()| added_tool_list());
    let again = Callback::new(move |()| {
        data.refetch();
        again.run(());
    });
    view! {
        <Card
            title="Added tools"
            lead="Requests of your own and other MCP servers, without code. They need TOOLS_NETWORK=true in the server's settings."
        >
            <Loaded
                data
                render=move |tools| {
                    view! { <ul class="stack">{tools.into_iter().map(|tool| row(tool, again)).collect_view()}</ul> }.into_any()
                }
            />
            <OpenedForm of=ToolForm::Add(AddedToolKind::Http) open="Add a request" send="Add it" done=again />
            <OpenedForm of=ToolForm::Add(AddedToolKind::Mcp) open="Add an MCP server" send="Add it" done=again />
        </Card>
    }
    .into_any()
}

fn row(added: AddedTool, again: Callback<()>) -> AnyView {
    let AddedTool { id, name, kind, url, header_names, is_active, tools, .. } = added;
    let headers = if header_names.is_empty() { String::new() } else { format!(" with {}", header_names.join(", ")) };
    let refresh = (kind == AddedToolKind::Mcp)
        .then(|| view! { <Change id change=AddedToolChange::Refresh label="List its tools again" again /> });
    let switch = if is_active { "Switch off" } else { "Switch on" };
    let tool = |ServerTool { name, description, is_on, .. }: ServerTool| {
        let label = if is_on { "Switch off" } else { "Switch on" };
        let change = AddedToolChange::SwitchTool { name: name.clone(), on: !is_on };
        view! {
            <li>
                <span class="mono">{name}</span>
                " "
                {description}
                " "
                <Change id change label again />
            </li>
        }
    };
    let is_shown = RwSignal::new(true);
    let delete = deletion(id, is_shown, again);
    view! {
        <li hidden=move || !is_shown.get()>
            <strong class="mono">{name}</strong>
            <p class="muted mono">{url}{headers}</p>
            <div class="actions">
                <Change id change=AddedToolChange::Switch { on: !is_active } label=switch again />
                {refresh}
                <Button on:click=delete>"Delete"</Button>
            </div>
            <OpenedForm of=ToolForm::Change(id) open="Change" send="Save" done=again />
            <ul>{tools.into_iter().map(tool).collect_view()}</ul>
        </li>
    }
    .into_any()
}

/// Hides the tool now, and deletes it when Undo has gone.
fn deletion(id: AddedToolId, is_shown: RwSignal<bool>, again: Callback<()>) -> impl Fn(MouseEvent) {
    let toasts = use_toasts();
    let show = move || {
        is_shown.try_set(true);
    };
    let forget = move || {
        spawn_local(async move {
            match added_tool_change(id, AddedToolChange::Delete).await {
                Ok(()) => drop(again.try_run(())),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    move |_| {
        is_shown.set(false);
        toasts.undo_before("Tool deleted", show, forget);
    }
}

/// A button that changes an added tool.
#[component]
fn Change(id: AddedToolId, change: AddedToolChange, label: &'static str, again: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        let change = change.clone();
        spawn_local(async move {
            let done = added_tool_change(id, change).await;
            busy.try_set(false);
            match done {
                Ok(()) => drop(again.try_run(())),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    view! { <Button busy on:click=press>{label}</Button> }.into_any()
}
