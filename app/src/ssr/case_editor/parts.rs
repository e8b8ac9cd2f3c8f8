//! The controls of the editor, as HTML. A control's name is its path; its error stands in `why-{path}`.

use crate::components::{Card, inside_textarea};
use leptos::prelude::*;

/// Where the error of `place` stands.
pub fn slot(place: &str) -> AnyView {
    view! { <p class="field-error" id=slot_id(place) role="status"></p> }.into_any()
}

/// The id of [`slot`].
pub fn slot_id(place: &str) -> String {
    format!("why-{place}")
}

fn field(name: &str, label: &str, hint: &str, control: AnyView) -> AnyView {
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint">{hint.to_owned()}</p> });
    view! {
        <div class="field">
            <label for=name.to_owned()>{label.to_owned()}</label>
            {control}
            {hint}
            {slot(name)}
        </div>
    }
    .into_any()
}

/// A line of text.
pub fn line(name: &str, label: &str, value: &str, hint: &str) -> AnyView {
    let control = view! {
        <input class="control" id=name.to_owned() name=name.to_owned() value=value.to_owned()
            aria-describedby=slot_id(name) autocomplete="off" />
    };
    field(name, label, hint, control.into_any())
}

/// A line of text with suggestions (the id of a `datalist`).
pub fn suggested(name: &str, label: &str, value: &str, list: &str) -> AnyView {
    let control = view! {
        <input class="control" id=name.to_owned() name=name.to_owned() value=value.to_owned() list=list.to_owned()
            aria-describedby=slot_id(name) autocomplete="off" />
    };
    field(name, label, "", control.into_any())
}

/// Several lines.
pub fn area(name: &str, label: &str, value: &str, rows: u32, hint: &str) -> AnyView {
    let control = view! {
        <textarea class="control" id=name.to_owned() name=name.to_owned() rows=rows
            aria-describedby=slot_id(name) spellcheck="false" inner_html=inside_textarea(value)></textarea>
    };
    field(name, label, hint, control.into_any())
}

/// One of a list; `act` is done when another is chosen.
pub fn select(name: &str, label: &str, value: &str, options: &[(String, String)], act: &str) -> AnyView {
    let mut options = options.to_vec();
    if !options.iter().any(|(known, _)| known == value) {
        options.push((value.to_owned(), value.to_owned()));
    }
    let option = |(known, label): (String, String)| {
        let selected = known == value;
        view! { <option value=known selected=selected>{label}</option> }.into_any()
    };
    let act = (!act.is_empty()).then(|| act.to_owned());
    let control = view! {
        <select class="control" id=name.to_owned() name=name.to_owned() data-act=act aria-describedby=slot_id(name)>
            {options.into_iter().map(option).collect_view()}
        </select>
    };
    field(name, label, "", control.into_any())
}

/// A box to tick.
pub fn tick_box(name: &str, label: &str, on: bool) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name=name.to_owned() value="on" checked=on />
            <span>{label.to_owned()}</span>
        </label>
    }
    .into_any()
}

/// A value that is kept and not shown.
pub fn hidden(name: &str, value: &str) -> Option<AnyView> {
    (!value.is_empty())
        .then(|| view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }.into_any())
}

/// A button that does `act`; its full name for those who do not see where it stands.
pub fn act(label: &str, name: &str, act: &str) -> AnyView {
    let name = (!name.is_empty()).then(|| name.to_owned());
    view! {
        <button class="button" data-kind="ghost" name="act" value=act.to_owned() aria-label=name formnovalidate="">
            {label.to_owned()}
        </button>
    }
    .into_any()
}

/// What most do not need, folded until it says something.
pub fn folded(label: &str, open: bool, children: AnyView) -> AnyView {
    view! {
        <details class="case-more" open=open>
            <summary>{label.to_owned()}</summary>
            {children}
        </details>
    }
    .into_any()
}

/// Pairs of one word each.
pub fn words<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Vec<(String, String)> {
    words.into_iter().map(|word| (word.as_ref().to_owned(), word.as_ref().to_owned())).collect()
}

/// A titled surface; an empty `lead` is none.
pub fn card(title: &str, lead: &str, body: AnyView) -> AnyView {
    let (title, lead) = (title.to_owned(), lead.to_owned());
    if lead.is_empty() {
        view! { <Card title>{body}</Card> }.into_any()
    } else {
        view! { <Card title lead>{body}</Card> }.into_any()
    }
}
