//! Bars: how far work is, and how large a share is.

use leptos::prelude::*;
use types::number::Fixed;

/// How far a piece of work is, in words and as a bar.
#[component]
pub fn ProgressBar(
    /// Units done.
    #[prop(into)]
    done: Signal<i64>,
    /// Units in all.
    #[prop(into)]
    total: Signal<i64>,
    /// What is counted: "cases".
    #[prop(into)]
    unit: String,
) -> impl IntoView {
    let text = {
        let unit = unit.clone();
        move || format!("{} of {} {unit}", done.get(), total.get())
    };
    view! {
        <div class="progress">
            <progress
                max=move || total.get().max(1).to_string()
                value=move || done.get().to_string()
                aria-label=format!("Progress in {unit}")
            ></progress>
            <span class="progress-text">{text}</span>
        </div>
    }
}

/// A share from 0 to 1.
#[component]
pub fn Meter(
    /// The share.
    #[prop(into)]
    value: Signal<f64>,
    /// What it is.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <meter class="meter" min="0" max="1" value=move || Fixed(value.get(), 4).to_string() aria-label=label>
            {move || Fixed(value.get(), 2).to_string()}
        </meter>
    }
}
