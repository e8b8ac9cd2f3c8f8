//! Form fields: label, control, hint and error, joined by `aria-describedby`.

use leptos::prelude::*;
use types::FieldError;

/// The message of `field` among `errors`.
pub fn error_of(errors: &[FieldError], field: &str) -> Option<String> {
    errors.iter().find(|error| error.field == field).map(|error| error.message.clone())
}

/// The ids that describe the control `id`, for `aria-describedby`.
fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let ids: Vec<String> = [(hint, "hint"), (error, "error")]
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Label, hint and error around any control. The control has the id `id`; `Field` describes it as `{id}-hint` and
/// `{id}-error`.
#[component]
pub fn Field(
    /// Id of the control.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// One sentence of help; empty = none.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> });
    let shown = move || error.get().map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> });
    view! {
        <div class="field" data-invalid=move || error.with(Option::is_some).then_some("")>
            <label for=id>{label}</label>
            {children()}
            {hint}
            {shown}
        </div>
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// Name in the form, and id of the control.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// The text.
    value: RwSignal<String>,
    /// One sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Shown while empty.
    #[prop(into, optional)]
    placeholder: String,
    /// `text`, `search`, `number`, …
    #[prop(default = "text")]
    r#type: &'static str,
    /// Step of a number.
    #[prop(into, optional)]
    step: Option<String>,
) -> impl IntoView {
    let (id, hinted) = (name.clone(), !hint.is_empty());
    let described = {
        let id = id.clone();
        move || described_by(&id, hinted, error.with(Option::is_some))
    };
    view! {
        <Field id=id.clone() label hint error>
            <input
                class="control"
                id=id
                name=name
                type=r#type
                step=step
                placeholder=placeholder
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                value=value.get_untracked()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name in the form, and id of the control.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// The text.
    value: RwSignal<String>,
    /// One sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Shown while empty.
    #[prop(into, optional)]
    placeholder: String,
    /// Lines shown at first.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let (id, hinted) = (name.clone(), !hint.is_empty());
    let described = {
        let id = id.clone();
        move || described_by(&id, hinted, error.with(Option::is_some))
    };
    view! {
        <Field id=id.clone() label hint error>
            <textarea
                class="control"
                id=id
                name=name
                rows=rows.to_string()
                placeholder=placeholder
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            >
                {value.get_untracked()}
            </textarea>
        </Field>
    }
}

/// One of a list.
#[component]
pub fn SelectField(
    /// Name in the form, and id of the control.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// The chosen value.
    value: RwSignal<String>,
    /// Value and label of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// One sentence of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let (id, hinted) = (name.clone(), !hint.is_empty());
    let described = {
        let id = id.clone();
        move || described_by(&id, hinted, error.with(Option::is_some))
    };
    let choices = move || {
        let choice = |(word, label): (String, String)| {
            let chosen = {
                let word = word.clone();
                move || value.with(|value| *value == word)
            };
            view! { <option value=word selected=chosen>{label}</option> }
        };
        options.get().into_iter().map(choice).collect_view()
    };
    view! {
        <Field id=id.clone() label hint error>
            <select
                class="control"
                id=id
                name=name
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| value.set(event_target_value(&event))
            >
                {choices}
            </select>
        </Field>
    }
}

/// Yes or no.
#[component]
pub fn CheckField(
    /// Name in the form, and id of the control.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// One sentence of help.
    #[prop(into, optional)]
    hint: String,
) -> impl IntoView {
    let described = described_by(&name, !hint.is_empty(), false);
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> });
    view! {
        <div class="field">
            <label class="check">
                <input
                    type="checkbox"
                    id=name.clone()
                    name=name
                    aria-describedby=described
                    prop:checked=move || value.get()
                    checked=value.get_untracked()
                    on:change=move |event| value.set(event_target_checked(&event))
                />
                <span>{label}</span>
            </label>
            {hint}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_what_is_there() {
        assert_eq!(described_by("model", true, true).as_deref(), Some("model-hint model-error"));
        assert_eq!(described_by("model", false, true).as_deref(), Some("model-error"));
        assert_eq!(described_by("model", false, false), None);
    }
}
