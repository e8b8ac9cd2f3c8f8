//! Form fields: label, control, hint and error, joined by `aria-describedby`.

use super::prose::Prose;
use leptos::{attr::Attribute, prelude::*};
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

/// Id, name and description of a control, for `{..}`.
fn described(id: &str, hint: &str, error: Signal<Option<String>>) -> impl Attribute + use<> {
    let (own, hinted) = (id.to_owned(), !hint.is_empty());
    let ids = move || described_by(&own, hinted, error.with(Option::is_some));
    let invalid = move || error.with(Option::is_some).then_some("true");
    view! { <{..} id=id.to_owned() name=id.to_owned() aria-describedby=ids aria-invalid=invalid /> }
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
    let hint =
        (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")><Prose text=hint/></p> });
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
    #[prop(optional)]
    step: Option<&'static str>,
) -> impl IntoView {
    let described = described(&name, &hint, error);
    view! {
        <Field id=name label hint error>
            <input
                class="control"
                {..described}
                autocomplete="off"
                type=r#type step=step placeholder=placeholder
                prop:value=move || value.get()
                value=value.get_untracked()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Field>
    }
}

/// `text` as HTML inside a `textarea`, where Leptos escapes nothing; the first line break there is not part of the text.
pub fn inside_textarea(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
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
    let described = described(&name, &hint, error);
    view! {
        <Field id=name label hint error>
            <textarea
                class="control"
                {..described}
                rows=rows.to_string()
                placeholder=placeholder
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                inner_html=inside_textarea(&value.get_untracked())
            >
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
    let described = described(&name, &hint, error);
    let choice = move |(word, label): (String, String)| {
        let own = word.clone();
        view! { <option value=word selected=move || value.with(|value| *value == own)>{label}</option> }
    };
    view! {
        <Field id=name label hint error>
            <select
                class="control"
                {..described}
                on:change=move |event| value.set(event_target_value(&event))
            >
                {move || options.get().into_iter().map(choice).collect_view()}
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

    #[test]
    fn no_text_ends_its_text_area() {
        let owner = Owner::new();
        owner.set();
        let value = RwSignal::new("</textarea><b>&amp;".to_owned());
        let html = view! { <TextArea name="x" label="X" value/> }.to_html();
        assert!(html.contains("\n&lt;/textarea>&lt;b>&amp;amp;</textarea>"), "{html}");
    }
}
