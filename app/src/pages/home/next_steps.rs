//! The way through the product in four steps, and which of them are done.

use crate::components::{Card, Glyph, Icon};
use leptos::prelude::*;
use leptos_router::components::A;
use types::Overview;

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Step {
    title: &'static str,
    text: &'static str,
    action: &'static str,
    href: &'static str,
    done: bool,
}

/// The four steps as they stand.
fn steps(overview: &Overview) -> [Step; 4] {
    [
        Step {
            title: "Chat",
            text: "Ask an agent something and watch it call tools.",
            action: "Start a chat",
            href: "/chat",
            done: overview.conversations > 0,
        },
        Step {
            title: "Collect cases",
            text: "Write down what right answers are, or take the samples.",
            action: "See test cases",
            href: "/cases",
            done: overview.test_cases > 0,
        },
        Step {
            title: "Evaluate",
            text: "Let the agents answer every case and compare them.",
            action: "Evaluate an agent",
            href: "/evaluations",
            done: overview.evaluations > 0,
        },
        Step {
            title: "Train",
            text: "Improve a local agent by reward and watch the curve rise.",
            action: "Train an agent",
            href: "/training",
            done: overview.trainings > 0,
        },
    ]
}

/// The steps; the first that is not done is the primary action.
#[component]
pub fn NextSteps(
    /// What there is.
    overview: Overview,
) -> impl IntoView {
    let steps = steps(&overview);
    let next = steps.iter().position(|step| !step.done);
    let lead = match next {
        Some(_) => "Four steps from a first question to a better agent.",
        None => "All four steps are done. Train again with other settings, or compare agents on the leaderboard.",
    };
    let items = steps.into_iter().enumerate().map(move |(place, step)| {
        view! { <StepView step number={place + 1} is_next={next == Some(place)} /> }
    });
    view! {
        <Card title="What to do next" lead=lead>
            <ol class="steps">{items.collect_view()}</ol>
        </Card>
    }
}

#[component]
fn StepView(step: Step, number: usize, is_next: bool) -> impl IntoView {
    let mark = if step.done { view! { <Glyph icon=Icon::Check /> }.into_any() } else { number.to_string().into_any() };
    let kind = if is_next { "primary" } else { "secondary" };
    view! {
        <li class="step" data-done=step.done.then_some("") data-next=is_next.then_some("")>
            <span class="step-mark" aria-hidden="true">
                {mark}
            </span>
            <h3>
                {step.title}
                <span class="visually-hidden">{if step.done { " (done)" } else { " (to do)" }}</span>
            </h3>
            <p class="muted">{step.text}</p>
            <A href=step.href attr:class="button" attr:data-kind=kind>
                {step.action}
            </A>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_when_there_is_something_of_it() {
        let done = |overview: &Overview| steps(overview).map(|step| step.done);
        assert_eq!(done(&Overview::default()), [false; 4]);
        let overview = Overview { test_cases: 20, evaluations: 1, ..Overview::default() };
        assert_eq!(done(&overview), [false, true, true, false]);
    }
}
