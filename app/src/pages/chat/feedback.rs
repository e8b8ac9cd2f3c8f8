//! Thumbs for an answer, with a comment and what it should have been; and a test case made of its turn.

use crate::{
    api::chat::feedback_give,
    components::{Button, Glyph, Icon, Kind, TextArea, Toasts, use_toasts},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use types::{Feedback, FeedbackDraft, MessageId, Rating};

/// What is thought of one answer; cheap to copy.
#[derive(Clone, Copy)]
struct Opinion {
    id: MessageId,
    rating: RwSignal<Option<Rating>>,
    comment: RwSignal<String>,
    corrected: RwSignal<String>,
    /// Whether the form is shown.
    open: RwSignal<bool>,
    toasts: Toasts,
}

impl Opinion {
    fn of(id: MessageId, given: Option<Feedback>) -> Self {
        let (rating, comment, corrected) = match given {
            Some(given) => (Some(given.rating), given.comment, given.corrected),
            None => (None, None, None),
        };
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        let (comment, corrected) = (text(comment), text(corrected));
        Self { id, rating: RwSignal::new(rating), comment, corrected, open: RwSignal::new(false), toasts: use_toasts() }
    }

    /// Stores it, and says `done` where that is not seen otherwise.
    fn store(self, done: Option<&'static str>) {
        let Some(rating) = self.rating.get_untracked() else { return };
        let written = |text: RwSignal<String>| Some(text.get_untracked());
        let draft = FeedbackDraft { rating, comment: written(self.comment), corrected: written(self.corrected) };
        spawn_local(async move {
            match feedback_give(self.id, draft).await {
                Ok(()) => done.into_iter().for_each(|done| self.toasts.say(done)),
                Err(error) => self.toasts.fail(error.detail()),
            }
        });
    }

    fn thumb(self, icon: Icon, name: &'static str, value: Rating) -> impl IntoView {
        let press = move |_| {
            self.rating.set(Some(value));
            self.open.set(true);
            self.store(None);
        };
        let pressed = move || if self.rating.get() == Some(value) { "true" } else { "false" };
        view! {
            <button type="button" class="icon-button" title=name aria-label=name aria-pressed=pressed on:click=press>
                <Glyph icon />
            </button>
        }
    }
}

/// The thumbs, the link to a new test case, and the form that a thumb opens.
#[component]
pub fn FeedbackTools(
    /// The answer.
    id: MessageId,
    /// What was thought of it before.
    given: Option<Feedback>,
) -> impl IntoView {
    let opinion = Opinion::of(id, given);
    view! {
        {opinion.thumb(Icon::ThumbUp, "Good answer", Rating::Up)}
        {opinion.thumb(Icon::ThumbDown, "Bad answer", Rating::Down)}
        <a
            class="icon-button"
            href=format!("/cases/new?answer={id}")
            title="Make a test case"
            aria-label="Make a test case of this turn"
        >
            <Glyph icon=Icon::Cases />
        </a>
        <Show when=move || opinion.open.get()>
            <FeedbackForm opinion />
        </Show>
    }
}

#[component]
fn FeedbackForm(opinion: Opinion) -> impl IntoView {
    let Opinion { id, comment, corrected, open, .. } = opinion;
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        open.set(false);
        opinion.store(Some("Feedback saved"));
    };
    view! {
        <form class="feedback" on:submit=save>
            <TextArea name=format!("comment-{id}") label="What was good or bad about it?" value=comment />
            <TextArea name=format!("corrected-{id}") label="What should it have said?" value=corrected />
            <div class="feedback-buttons">
                <Button kind=Kind::Primary r#type="submit">
                    "Save"
                </Button>
                <Button kind=Kind::Ghost on:click=move |_| open.set(false)>
                    "Close"
                </Button>
            </div>
        </form>
    }
}
