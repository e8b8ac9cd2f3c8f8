//! Buttons. Handlers and further attributes are put on the component: `<Button on:click=…>`, `attr:aria-label="…"`.

use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// The one main action.
    Primary,
    /// An ordinary action.
    #[default]
    Secondary,
    /// An action that stays in the background.
    Ghost,
    /// An action that takes something away.
    Danger,
}

impl Kind {
    /// The word in `data-kind`; links with class `button` use it too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Ghost => "ghost",
            Self::Danger => "danger",
        }
    }
}

/// A button. While it is busy it cannot be pressed and says so.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: Kind,
    /// `button` or `submit`.
    #[prop(default = "button")]
    r#type: &'static str,
    /// Cannot be pressed.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Is at work.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            type=r#type
            data-kind=kind.as_str()
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
        >
            {children()}
        </button>
    }
}
