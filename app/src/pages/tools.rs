//! Tools: what agents can call, and the documents that the offline search finds.

mod added;
mod documents;
mod form;

use crate::{
    api::tools::tool_list,
    components::{EmptyState, Glyph, Icon, Loaded, PageHeader, Prose, TableFrame},
    data::Data,
};
use added::AddedTools;
use documents::Documents;
use form::OpenedForm;
use leptos::prelude::*;
use serde_json::Value;
use types::{ToolForm, ToolSpec};

/// The page.
#[component]
pub fn ToolsPage() -> impl IntoView {
    let data = Data::new(|| (), |()| tool_list());
    let again = Callback::new(move |()| data.refetch());
    view! {
        <PageHeader
            title="Tools"
            lead="What agents can call. Without a key and without a network: results that are simulated or come from the offline index say so themselves."
        />
        <div class="stack">
            <Loaded data render=|tools| view! { <ToolCards tools /> }.into_any() />
            <AddedTools again />
            <Documents />
        </div>
    }
    .into_any()
}

#[component]
fn ToolCards(tools: Vec<ToolSpec>) -> impl IntoView {
    if tools.is_empty() {
        return view! { <EmptyState icon=Icon::Tool title="No tools" text="No tool is registered on this server." /> }
            .into_any();
    }
    view! { <ul class="grid">{tools.into_iter().map(|tool| view! { <ToolView tool /> }).collect_view()}</ul> }
        .into_any()
}

#[component]
fn ToolView(tool: ToolSpec) -> impl IntoView {
    let icon = Icon::of_tool(&tool.name);
    let label = format!("Arguments of {}", tool.name);
    let of = ToolForm::Try(tool.name.clone());
    let row = |argument: Argument| {
        view! {
            <tr>
                <th scope="row" class="mono">
                    {argument.name}
                </th>
                <td data-label="Type">{argument.kind}</td>
                <td data-label="Needed">{if argument.required { "yes" } else { "no" }}</td>
                <td data-label="Meaning"><span><Prose text=argument.description/></span></td>
            </tr>
        }
    };
    view! {
        <li class="card">
            <div class="tool-head">
                <span class="state-icon">
                    <Glyph icon />
                </span>
                <h2 class="mono">{tool.name}</h2>
            </div>
            <p><Prose text=tool.description/></p>
            <TableFrame label>
                <thead>
                    <tr>
                        <th scope="col">"Argument"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Needed"</th>
                        <th scope="col">"Meaning"</th>
                    </tr>
                </thead>
                <tbody>{arguments(&tool.parameters).into_iter().map(row).collect_view()}</tbody>
            </TableFrame>
            <OpenedForm of open="Try it" send="Call" />
        </li>
    }
}

/// One argument of a tool.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Argument {
    name: String,
    kind: String,
    required: bool,
    description: String,
}

/// The arguments that an object schema declares.
fn arguments(schema: &Value) -> Vec<Argument> {
    let required = |name: &str| {
        schema
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
    };
    let text = |property: &Value, key: &str| property.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let argument = |(name, property): (&String, &Value)| Argument {
        name: name.clone(),
        kind: text(property, "type"),
        required: required(name),
        description: text(property, "description"),
    };
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(argument).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_are_read_from_the_schema() {
        let schema = json!({
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What to look for."}, "limit": {"type": "integer"}},
            "required": ["query"],
        });
        let read: Vec<_> = arguments(&schema).into_iter().map(|a| (a.name, a.kind, a.required)).collect();
        assert!(read.contains(&("query".into(), "string".into(), true)));
        assert!(read.contains(&("limit".into(), "integer".into(), false)));
    }

    #[test]
    fn a_schema_without_properties_has_no_arguments() {
        assert_eq!(arguments(&json!({"type": "object"})), []);
    }
}
