//! A small label that says a status in words; the colour only repeats it.

use crate::live::LinkState;
use leptos::prelude::*;
use types::{Outcome, RunState};

/// Which colour a badge has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// No judgement.
    #[default]
    Plain,
    /// At work.
    Accent,
    /// Went well.
    Good,
    /// Needs a look.
    Warn,
    /// Went wrong.
    Bad,
}

impl Tone {
    /// The word in `data-tone`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

impl From<RunState> for Tone {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Pending => Self::Plain,
            RunState::Running | RunState::Stopping => Self::Accent,
            RunState::Completed => Self::Good,
            RunState::Failed => Self::Bad,
            RunState::Cancelled | RunState::Interrupted => Self::Warn,
        }
    }
}

impl From<Outcome> for Tone {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Good,
            Outcome::Fail | Outcome::MalformedCall | Outcome::Timeout | Outcome::MaxSteps | Outcome::ToolError => {
                Self::Bad
            }
            Outcome::ProviderError => Self::Warn,
            Outcome::Cancelled | Outcome::Unscored => Self::Plain,
        }
    }
}

/// A status in words.
#[component]
pub fn Badge(
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
    /// Its colour.
    #[prop(into, optional)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().as_str()>
            {move || text.get()}
        </span>
    }
}

/// The state of a run.
#[component]
pub fn RunStateBadge(
    /// The state.
    #[prop(into)]
    state: Signal<RunState>,
) -> impl IntoView {
    let text = Signal::derive(move || state.get().as_str().to_owned());
    let tone = Signal::derive(move || Tone::from(state.get()));
    view! { <Badge text tone /> }
}

/// What became of a case.
#[component]
pub fn OutcomeBadge(
    /// The outcome.
    outcome: Outcome,
) -> impl IntoView {
    view! { <Badge text=outcome.label().to_owned() tone=Tone::from(outcome) /> }
}

/// How fresh live data is.
#[component]
pub fn LinkBadge(
    /// The state of the connection.
    #[prop(into)]
    link: Signal<LinkState>,
) -> impl IntoView {
    view! {
        <span class="badge link-badge" data-link=move || link.get().tone()>
            {move || link.get().label()}
        </span>
    }
}
