//! The scrolled part of the chat. It follows the answer only while the person is at its end, and never takes the scroll
//! away from someone who reads further up.

use super::thread::Thread;
use crate::components::{Glyph, Icon};
use leptos::{html, prelude::*, web_sys};
use types::ConversationId;

/// Where each conversation was scrolled to; it outlives a conversation that is read again.
pub type Place = StoredValue<Option<(ConversationId, i32)>>;

/// This close to the end counts as being there, in pixels.
const NEAR_PX: i32 = 96;

/// Scrolls `children`, and offers a way back to the end.
#[component]
pub fn Scroller(
    /// Follows what is said here.
    thread: RwSignal<Thread>,
    /// Where it was, and will be when the conversation is read again.
    place: Place,
    /// What is scrolled.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let conversation = move || thread.with_untracked(|thread| thread.conversation);
    let kept = place.get_value().filter(|(of, _)| conversation() == Some(*of)).map(|(_, top)| top);
    let near = RwSignal::new(kept.is_none());
    let measure = move |_| {
        if let Some(frame) = frame.get_untracked() {
            let below = frame.scroll_height() - frame.scroll_top() - frame.client_height();
            near.set(below < NEAR_PX);
            place.set_value(conversation().filter(|_| below >= NEAR_PX).zip(Some(frame.scroll_top())));
        }
    };
    let to_end = move || show_end(frame);
    follow(frame, near, thread, kept);
    view! {
        <div class="scroller">
            <div class="scroller-frame" node_ref=frame on:scroll=measure tabindex="0" role="region" aria-label="Conversation">
                <div class="scroller-column">{children()}</div>
            </div>
            <Show when=move || !near.get()>
                <button type="button" class="button jump" data-kind="secondary" on:click=move |_| to_end()>
                    <Glyph icon=Icon::ArrowDown />
                    "Jump to latest"
                </button>
            </Show>
        </div>
    }
}

fn show_end(frame: NodeRef<html::Div>) {
    scroll_to(frame, |frame| frame.scroll_height());
}

fn scroll_to(frame: NodeRef<html::Div>, top: impl FnOnce(&web_sys::HtmlDivElement) -> i32) {
    if let Some(frame) = frame.try_get_untracked().flatten() {
        frame.set_scroll_top(top(&frame));
    }
}

/// One's own message is always shown, and so is the end of a stored conversation; an answer only while its reader is
/// near the end. `kept` is where its reader was, further up, before it was read again.
fn follow(frame: NodeRef<html::Div>, near: RwSignal<bool>, thread: RwSignal<Thread>, kept: Option<i32>) {
    let said = Memo::new(move |_| thread.with(|thread| thread.entries.len()));
    Effect::new(move |before: Option<usize>| {
        let (said, own) = (said.get(), thread.with_untracked(Thread::is_busy));
        match (before, kept) {
            (None, Some(top)) => request_animation_frame(move || scroll_to(frame, |_| top)),
            (Some(before), _) if said <= before || !own => {}
            _ => request_animation_frame(move || show_end(frame)),
        }
        said
    });
    Effect::new(move |_| {
        thread.track();
        if near.get_untracked() {
            request_animation_frame(move || show_end(frame));
        }
    });
}
