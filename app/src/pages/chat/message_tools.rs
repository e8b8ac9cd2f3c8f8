//! What can be done with a message: copy, ask or answer again, look at the others in its place, judge.

use super::{feedback::FeedbackTools, session::Session, thread::Entry};
use crate::{
    api::chat::conversation_show,
    components::{CopyButton, Glyph, Icon, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use types::{MessageId, Role};

/// The row of buttons below a finished message.
#[component]
pub fn MessageTools(
    /// The conversation.
    session: Session,
    /// The message's place in it.
    place: usize,
    /// The message.
    entry: Memo<Option<Entry>>,
) -> impl IntoView {
    let text =
        Signal::derive(move || entry.with(|entry| entry.as_ref().map(|entry| entry.text.clone()).unwrap_or_default()));
    // Only what the buttons depend on: an answer that grows does not draw them again.
    let known = Memo::new(move |_| {
        entry.with(|entry| {
            let entry = entry.as_ref().filter(|entry| entry.finished)?;
            Some((entry.role, entry.id, entry.siblings.clone(), entry.cost.clone()))
        })
    });
    let last = Memo::new(move |_| session.thread.with(|thread| thread.entries.len() == place + 1));
    move || {
        let Some((role, id, siblings, cost)) = known.get() else { return ().into_any() };
        let id = id.filter(|_| session.reload.is_some());
        let what = if role == Role::User { "question" } else { "answer" };
        let others = id.map(|id| view! { <Siblings session id siblings what /> });
        let again = move || {
            (role == Role::Assistant && last.get()).then_some(id).flatten().map(|id| answer_again(session, place, id))
        };
        let edit = id
            .filter(|_| role == Role::User)
            .map(|_| tool(Icon::Edit, "Edit the question".to_owned(), move || session.edit(place)));
        let judge = id.filter(|_| role == Role::Assistant).map(|id| {
            let given = entry.with_untracked(|entry| entry.as_ref().and_then(|entry| entry.feedback.clone()));
            view! { <FeedbackTools id given /> }
        });
        view! {
            <div class="message-tools">
                {others}
                <CopyButton text what />
                {edit}
                {again}
                {judge}
                <span class="muted message-cost">{cost}</span>
            </div>
        }
        .into_any()
    }
}

fn answer_again(session: Session, place: usize, id: MessageId) -> AnyView {
    tool(Icon::Redo, "Answer again".to_owned(), move || session.replace(place, id, String::new()))
}

/// A small button with a picture.
pub fn tool(icon: Icon, name: String, press: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="icon-button" title=name.clone() aria-label=name on:click=move |_| press()>
            <Glyph icon />
        </button>
    }
    .into_any()
}

/// Which of the messages in one place is shown, and the way to the others.
#[component]
fn Siblings(session: Session, id: MessageId, siblings: Vec<MessageId>, what: &'static str) -> impl IntoView {
    let count = siblings.len();
    let place = siblings.iter().position(|sibling| *sibling == id)?;
    let toasts = use_toasts();
    let step = move |target: Option<&MessageId>, mark: &'static str, word: &str| {
        let target = target.copied();
        let name = format!("{word} {what}");
        let press = move |_| {
            let conversation = session.thread.with_untracked(|thread| thread.conversation);
            let Some((target, conversation)) = target.zip(conversation) else { return };
            spawn_local(async move {
                match conversation_show(conversation, target).await {
                    Ok(()) => session.read_again(conversation),
                    Err(error) => toasts.fail(error.detail()),
                }
            });
        };
        view! {
            <button type="button" class="icon-button" title=name.clone() aria-label=name disabled=target.is_none() on:click=press>
                {mark}
            </button>
        }
    };
    Some(view! {
        <span class="siblings">
            {step(place.checked_sub(1).and_then(|place| siblings.get(place)), "‹", "Previous")}
            <span class="number">{format!("{}/{count}", place + 1)}</span>
            {step(siblings.get(place + 1), "›", "Next")}
        </span>
    })
}
