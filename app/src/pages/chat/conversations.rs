//! The list of conversations. A deleted one leaves the list at once and the database when Undo has gone.

use crate::{
    api::chat::{conversation_delete, conversation_list},
    components::{Glyph, Icon, Loaded, TimeAgo, use_toasts},
    data::Data,
};
use leptos::{prelude::*, task::spawn_local};
use types::{ConversationId, ConversationListItem};

/// The conversations, newest first.
#[component]
pub fn Conversations(
    /// Counts stored changes: the list is read again.
    stored: RwSignal<u32>,
    /// The open one.
    #[prop(into)]
    current: Signal<Option<ConversationId>>,
    /// Leaves the open one.
    leave: Callback<()>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let list = Data::new(move || (stored.get(), words.get()), |(_, words)| conversation_list(words));
    let hidden = RwSignal::new(Vec::<ConversationId>::new());
    let render = move |items: Vec<ConversationListItem>| {
        let shown = move |item: &ConversationListItem| hidden.with(|hidden| !hidden.contains(&item.id));
        if items.is_empty() {
            let searching = words.with_untracked(|words| !words.is_empty());
            let none = if searching { "No conversation has these words." } else { "Conversations are kept here." };
            return view! { <p class="muted">{none}</p> }.into_any();
        }
        let items = StoredValue::new(items);
        let rows = move || items.get_value().into_iter().filter(shown).collect::<Vec<_>>();
        view! {
            <ul class="conversations-list">
                <For each=rows key=|item| item.id let:item>
                    <ConversationRow item current hidden leave />
                </For>
            </ul>
        }
        .into_any()
    };
    view! {
        <input
            class="control"
            type="search"
            aria-label="Search conversations"
            placeholder="Search"
            on:input=move |event| words.set(event_target_value(&event))
        />
        <Loaded data=list render />
    }
    .into_any()
}

#[component]
fn ConversationRow(
    item: ConversationListItem,
    current: Signal<Option<ConversationId>>,
    hidden: RwSignal<Vec<ConversationId>>,
    leave: Callback<()>,
) -> impl IntoView {
    let id = item.id;
    let title = item.title.filter(|title| !title.is_empty()).unwrap_or_else(|| "Without words".to_owned());
    let name = format!("Delete conversation {title}");
    let delete = deletion(id, hidden);
    let press = move |_| {
        if current.get_untracked() == Some(id) {
            leave.run(());
        }
        delete();
    };
    view! {
        <li class="conversation-row">
            <a href=format!("/chat/{id}") aria-current=move || (current.get() == Some(id)).then_some("page")>
                <span class="conversation-title">{title}</span>
                <span class="muted">
                    <TimeAgo moment=item.started_at />
                </span>
            </a>
            <button type="button" class="icon-button" aria-label=name title="Delete" on:click=press>
                <Glyph icon=Icon::Trash />
            </button>
        </li>
    }
}

/// Hides the conversation now, and deletes it when Undo has gone.
fn deletion(id: ConversationId, hidden: RwSignal<Vec<ConversationId>>) -> impl Fn() + Copy {
    let toasts = use_toasts();
    let show = move || {
        hidden.try_update(|hidden| hidden.retain(|other| *other != id));
    };
    let forget = move || {
        spawn_local(async move {
            if let Err(error) = conversation_delete(id).await {
                toasts.fail(error.detail());
                show();
            }
        });
    };
    move || {
        hidden.update(|hidden| hidden.push(id));
        toasts.undo_before("Conversation deleted", show, forget);
    }
}
