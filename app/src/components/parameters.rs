//! Form fields derived from declared parameters, for frameworks and algorithms alike.

use super::field::{CheckField, SelectField, TextArea, TextField, error_of};
use leptos::prelude::*;
use serde_json::{Map, Value};
use types::{
    FieldError, ParameterKind, ParameterSpec,
    number::{self, Plain},
};

/// What is wrong with `values` by their declarations.
pub fn check_parameters(specs: &[ParameterSpec], values: &Map<String, Value>) -> Vec<FieldError> {
    let wrong = |spec: &ParameterSpec| {
        let message = spec.check(values.get(&spec.name)?).err()?;
        Some(FieldError::new(spec.name.clone(), message))
    };
    specs.iter().filter_map(wrong).collect()
}

/// What a text field holds, as a value of this kind; what is no number stays text, so that the check can say so.
fn parse(kind: &ParameterKind, text: &str) -> Value {
    let trimmed = text.trim();
    match kind {
        ParameterKind::Integer { .. } => trimmed.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        ParameterKind::Number { .. } => number::read(trimmed).map_or_else(|| text.into(), Value::from),
        _ => text.into(),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn range_text(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::Integer { min, max } => format!(" From {min} to {max}."),
        ParameterKind::Number { min, max } => format!(" From {} to {}.", Plain(*min), Plain(*max)),
        _ => String::new(),
    }
}

/// One field per parameter. `values` holds what differs from the defaults; `errors` are checked as the person types.
#[component]
pub fn ParameterFields(
    /// The declarations.
    specs: Vec<ParameterSpec>,
    /// The values set so far.
    values: RwSignal<Map<String, Value>>,
) -> impl IntoView {
    let errors = {
        let specs = specs.clone();
        Memo::new(move |_| values.with(|values| check_parameters(&specs, values)))
    };
    specs
        .into_iter()
        .map(|spec| {
            let name = spec.name.clone();
            let error = Signal::derive(move || errors.with(|errors| error_of(errors, &name)));
            view! { <ParameterField spec values error /> }
        })
        .collect_view()
}

#[component]
fn ParameterField(
    spec: ParameterSpec,
    values: RwSignal<Map<String, Value>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let current =
        values.with_untracked(|values| values.get(&spec.name).cloned()).unwrap_or_else(|| spec.default.clone());
    let hint = format!("{}{}", spec.description, range_text(&spec.kind));
    let (id, label) = (format!("parameter-{}", spec.name), spec.label.clone());
    if spec.kind == ParameterKind::Boolean {
        let value = RwSignal::new(current.as_bool().unwrap_or_default());
        keep(spec, values, move || Value::from(value.get()));
        return view! { <CheckField name=id label hint value /> }.into_any();
    }
    let value = RwSignal::new(text_of(&current));
    let kind = spec.kind.clone();
    keep(spec, values, {
        let kind = kind.clone();
        move || value.with(|text| parse(&kind, text))
    });
    match kind {
        ParameterKind::Choice { options } => {
            let options: Vec<_> = options.into_iter().map(|option| (option.clone(), option)).collect();
            view! { <SelectField name=id label hint value error options=options /> }.into_any()
        }
        ParameterKind::Text { multiline: true } | ParameterKind::Json => {
            view! { <TextArea name=id label hint value error /> }.into_any()
        }
        _ => view! { <TextField name=id label hint value error /> }.into_any(),
    }
}

/// Writes the field's value into `values` when it differs from the default, and takes it out when it does not.
fn keep(spec: ParameterSpec, values: RwSignal<Map<String, Value>>, read: impl Fn() -> Value + 'static) {
    Effect::new(move |before: Option<Value>| {
        let value = read();
        if before.as_ref() != Some(&value) {
            values.update(|values| {
                if value == spec.default {
                    values.remove(&spec.name);
                } else {
                    values.insert(spec.name.clone(), value.clone());
                }
            });
        }
        value
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(kind: ParameterKind) -> ParameterSpec {
        ParameterSpec { name: "x".into(), label: "X".into(), description: String::new(), kind, default: 1.into() }
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_would_be_right() {
        let spec = spec(ParameterKind::Integer { min: 1, max: 9 });
        let values = Map::from_iter([("x".to_owned(), parse(&spec.kind, "ten"))]);
        let errors = check_parameters(&[spec], &values);
        assert_eq!(errors, [FieldError::new("x", "is \"ten\", expected a whole number from 1 to 9")]);
    }

    #[test]
    fn numbers_are_read_with_blanks_around() {
        assert_eq!(parse(&ParameterKind::Number { min: 0.0, max: 1.0 }, " 0.5 "), Value::from(0.5));
    }
}
