//! The scrolled part of the chat. It follows the answer only while the person is at its end, and never takes the scroll
//! away from someone who reads further up.

use super::thread::Thread;
use crate::components::{Glyph, Icon};
use leptos::{html, prelude::*};

/// This close to the end counts as being there, in pixels.
const NEAR_PX: i32 = 96;

/// Scrolls `children`, and offers a way back to the end.
#[component]
pub fn Scroller(
    /// Follows what is said here.
    thread: RwSignal<Thread>,
    /// What is scrolled.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let near = RwSignal::new(true);
    let measure = move |_| {
        if let Some(frame) = frame.get_untracked() {
            let below = frame.scroll_height() - frame.scroll_top() - frame.client_height();
            near.set(below < NEAR_PX);
        }
    };
    let to_end = move || show_end(frame);
    follow(frame, near, thread);
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
    if let Some(frame) = frame.try_get_untracked().flatten() {
        frame.set_scroll_top(frame.scroll_height());
    }
}

/// One's own message is always shown, and so is the end of a stored conversation; an answer only while its reader is
/// near the end.
fn follow(frame: NodeRef<html::Div>, near: RwSignal<bool>, thread: RwSignal<Thread>) {
    let said = Memo::new(move |_| thread.with(|thread| thread.entries.len()));
    Effect::new(move |before: Option<usize>| {
        let (said, own) = (said.get(), thread.with_untracked(Thread::is_busy));
        if before.is_none_or(|before| said > before && own) {
            request_animation_frame(move || show_end(frame));
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
