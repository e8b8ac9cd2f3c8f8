//! Forms of tools, made from their schemas: to try one, and to add one. What is filled in comes back as values by name.

use crate::{Result, Service};
use serde_json::{Map, Value, json};
use types::{
    AddedTool, AddedToolCreate, AddedToolKind, AddedToolUpdate, Error, ParameterKind, ParameterSpec, Secret, ToolForm,
    ToolOutcome, ToolSpec,
};

/// Between what a form is of and the name of a field: forms stand on one page, and their fields must not share names.
const SEPARATOR: char = '.';

impl Service {
    /// The fields of a form.
    ///
    /// # Errors
    /// Not found when there is no such tool.
    pub fn tool_form(&self, of: &ToolForm) -> Result<Vec<ParameterSpec>> {
        let mut fields = match of {
            ToolForm::Try(name) => fields_of(&self.tool_named(name)?.parameters),
            ToolForm::Add(kind) => fields_to_add(*kind),
            ToolForm::Change(id) => fields_to_change(&self.added_tool_get(*id)?),
        };
        let prefix = prefix(of);
        for field in &mut fields {
            field.name = format!("{prefix}{SEPARATOR}{}", field.name);
        }
        Ok(fields)
    }

    /// Does what a form is for, with what was filled in; fields that were left as they were are absent.
    ///
    /// # Errors
    /// Not found, refused fields.
    pub async fn tool_form_send(&self, of: &ToolForm, values: &Map<String, Value>) -> Result<ToolOutcome> {
        let prefix = format!("{}{SEPARATOR}", prefix(of));
        let named = |(name, value): (&String, &Value)| Some((name.strip_prefix(&prefix)?.to_owned(), value.clone()));
        let values: Map<String, Value> = values.iter().filter_map(named).collect();
        match of {
            ToolForm::Try(name) => {
                let arguments = arguments(&self.tool_named(name)?.parameters, &values);
                self.tool_try(name, &arguments).await
            }
            ToolForm::Add(kind) => {
                let added = self.added_tool_create(draft(*kind, &values)?).await?;
                let result = match added.kind {
                    AddedToolKind::Http => format!("{} was added; agents can call it from now on.", added.name),
                    AddedToolKind::Mcp => {
                        format!("{} was added with {} tools; switch on those you want.", added.name, added.tools.len())
                    }
                };
                Ok(ToolOutcome { result, is_error: false, duration_ms: 0 })
            }
            ToolForm::Change(id) => {
                let changed = self.added_tool_update(*id, update(&values)?).await?;
                let result = format!("{} was changed; agents see it with their next turn.", changed.name);
                Ok(ToolOutcome { result, is_error: false, duration_ms: 0 })
            }
        }
    }

    fn tool_named(&self, name: &str) -> Result<ToolSpec> {
        let shown: String = name.chars().take(64).collect();
        let found = self.tool_list().into_iter().find(|tool| tool.name == name);
        found.ok_or_else(|| Error::NotFound(format!("there is no tool `{shown}`")))
    }
}

fn prefix(of: &ToolForm) -> String {
    match of {
        ToolForm::Try(name) => name.clone(),
        ToolForm::Add(AddedToolKind::Http) => "add_http".into(),
        ToolForm::Add(AddedToolKind::Mcp) => "add_mcp".into(),
        ToolForm::Change(id) => id.to_string(),
    }
}

/// A field for each argument of a schema.
fn fields_of(schema: &Value) -> Vec<ParameterSpec> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let field = |(name, property): (&String, &Value)| {
        let said = property["description"].as_str().unwrap_or_default();
        let needed = if required(name) { "" } else { " Optional." };
        let kind = kind_of(property);
        let default = if kind == ParameterKind::Boolean { json!(false) } else { json!("") };
        ParameterSpec { name: name.clone(), label: name.clone(), description: format!("{said}{needed}"), kind, default }
    };
    properties.into_iter().flatten().map(field).collect()
}

fn kind_of(property: &Value) -> ParameterKind {
    let options: Option<Vec<String>> =
        property["enum"].as_array().and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    match (options, property["type"].as_str()) {
        (Some(mut options), _) => {
            options.insert(0, String::new());
            ParameterKind::Choice { options }
        }
        (None, Some("boolean")) => ParameterKind::Boolean,
        (None, Some("string" | "integer" | "number")) => ParameterKind::Text { multiline: false },
        (None, _) => ParameterKind::Json,
    }
}

/// What was filled in, as arguments: texts are read as what the schema asks for, and passed on as they are when they are no
/// such thing, so that the check says what would be right.
fn arguments(schema: &Value, values: &Map<String, Value>) -> Map<String, Value> {
    let read = |name: &str, value: &Value| match (schema["properties"][name]["type"].as_str(), value) {
        (Some("string"), value) => value.clone(),
        (_, Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        (_, value) => value.clone(),
    };
    values.iter().map(|(name, value)| (name.clone(), read(name, value))).collect()
}

fn fields_to_add(kind: AddedToolKind) -> Vec<ParameterSpec> {
    let headers = "One a line, such as `Authorization: Bearer …`. They are stored and never shown.";
    let mut fields = match kind {
        AddedToolKind::Http => fields_of_request(),
        AddedToolKind::Mcp => vec![
            text("name", "Name", "How the names of its tools begin: lower-case letters, digits and `_`.", false),
            text("url", "Address", "Such as `https://host/mcp` (streamable HTTP).", false),
        ],
    };
    fields.push(text("headers", "Headers", headers, true));
    fields.extend(fields_of_bounds());
    fields
}

/// The fields to add such a tool, filled in as it is. Its name stays; what its headers hold is not told.
fn fields_to_change(tool: &AddedTool) -> Vec<ParameterSpec> {
    let now = [
        ("description", json!(tool.description)),
        ("url", json!(tool.url)),
        ("method", json!(tool.method)),
        ("parameters", json!(format!("{:#}", tool.parameters))),
        ("response_path", json!(tool.response_path.as_deref().unwrap_or_default())),
        ("timeout_ms", json!(tool.timeout_ms)),
        ("output_bytes_max", json!(tool.output_bytes_max)),
        ("cache_seconds", json!(tool.cache_seconds)),
    ];
    let mut fields = fields_to_add(tool.kind);
    fields.retain(|field| field.name != "name");
    for field in &mut fields {
        if let Some((_, value)) = now.iter().find(|(name, _)| *name == field.name) {
            field.default = value.clone();
        }
        if field.name == "headers" && !tool.header_names.is_empty() {
            let sent = tool.header_names.join(", ");
            field.description = format!(
                "{sent} are sent and stay as they are. One a line changes or adds one; a name and a colon without a value \
                 takes it out."
            );
        }
    }
    fields
}

fn fields_of_request() -> Vec<ParameterSpec> {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].map(str::to_owned).to_vec();
    let url = "Such as `https://host/items/{id}?q={query}`; other arguments go into the query or the body.";
    let schema = "A JSON Schema; empty for a tool without arguments.";
    let result = "A part of a JSON answer: `/items/0` or `$.items[*].name`. Empty = all of it.";
    vec![
        text("name", "Name", "What agents call it by: lower-case letters, digits and `_`.", false),
        text("description", "Description", "What a model should know to use it.", true),
        text("url", "Address", url, false),
        field("method", "Method", "", ParameterKind::Choice { options: methods }, json!("GET")),
        field("parameters", "Arguments", schema, ParameterKind::Json, json!("")),
        text("response_path", "Result", result, false),
    ]
}

fn fields_of_bounds() -> [ParameterSpec; 3] {
    let own = AddedToolCreate::default();
    let number = |name: &str, label: &str, said: &str, (min, max): (i64, i64), default: u32| {
        field(name, label, said, ParameterKind::Integer { min, max }, json!(default))
    };
    [
        number("timeout_ms", "Longest call", "In milliseconds.", (100, 60_000), own.timeout_ms),
        number("output_bytes_max", "Longest result", "In bytes.", (100, 262_144), own.output_bytes_max),
        number("cache_seconds", "Keep results", "In seconds; 0 asks anew each time.", (0, 86_400), own.cache_seconds),
    ]
}

fn text(name: &str, label: &str, said: &str, multiline: bool) -> ParameterSpec {
    field(name, label, said, ParameterKind::Text { multiline }, json!(""))
}

fn field(name: &str, label: &str, description: &str, kind: ParameterKind, default: Value) -> ParameterSpec {
    ParameterSpec { name: name.into(), label: label.into(), description: description.into(), kind, default }
}

fn draft(kind: AddedToolKind, values: &Map<String, Value>) -> Result<AddedToolCreate> {
    let own = AddedToolCreate::default();
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let number = |name: &str, default: u32| Ok::<_, Error>(number(values, name)?.unwrap_or(default));
    let method = if text("method").is_empty() { own.method } else { text("method") };
    let headers = headers(values)?.into_iter().map(|(name, value)| (name, Secret(value))).collect();
    Ok(AddedToolCreate {
        name: text("name"),
        kind,
        description: text("description"),
        url: text("url"),
        method,
        parameters: schema(values)?.unwrap_or(own.parameters),
        response_path: Some(text("response_path")).filter(|path| !path.is_empty()),
        headers,
        timeout_ms: number("timeout_ms", own.timeout_ms)?,
        output_bytes_max: number("output_bytes_max", own.output_bytes_max)?,
        cache_seconds: number("cache_seconds", own.cache_seconds)?,
    })
}

/// What was filled in of the fields to change a tool.
fn update(values: &Map<String, Value>) -> Result<AddedToolUpdate> {
    let text = |name: &str| values.get(name).and_then(Value::as_str).map(|text| text.trim().to_owned());
    let held = |(name, value): (String, String)| (name, Some(Secret(value)).filter(|value| !value.0.is_empty()));
    Ok(AddedToolUpdate {
        description: text("description"),
        url: text("url"),
        method: text("method"),
        parameters: schema(values)?,
        response_path: text("response_path").map(|path| Some(path).filter(|path| !path.is_empty())),
        headers: Some(headers(values)?.into_iter().map(held).collect()),
        timeout_ms: number(values, "timeout_ms")?,
        output_bytes_max: number(values, "output_bytes_max")?,
        cache_seconds: number(values, "cache_seconds")?,
        ..AddedToolUpdate::default()
    })
}

fn number(values: &Map<String, Value>, name: &str) -> Result<Option<u32>> {
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let read =
        |value: &Value| number(value).ok_or_else(|| Error::field(name, format!("is {value}, expected a whole number")));
    values.get(name).map(read).transpose()
}

/// The schema of the arguments; empty = that of none.
fn schema(values: &Map<String, Value>) -> Result<Option<Value>> {
    match values.get("parameters") {
        None => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Some(AddedToolCreate::default().parameters)),
        Some(Value::String(text)) => serde_json::from_str(text)
            .map(Some)
            .map_err(|error| Error::field("parameters", format!("is no JSON ({error}), expected a JSON Schema"))),
        Some(value) => Ok(Some(value.clone())),
    }
}

fn headers(values: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let text = values.get("headers").and_then(Value::as_str).unwrap_or_default();
    text.lines().filter(|line| !line.trim().is_empty()).map(header).collect()
}

fn header(line: &str) -> Result<(String, String)> {
    let (name, value) = line
        .split_once(':')
        .ok_or_else(|| Error::field("headers", "have a line without a colon, expected one such as `X-Key: value`"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_schema_becomes_fields_and_what_is_filled_in_becomes_arguments() {
        let schema = json!({
            "properties": {
                "text": { "type": "string", "description": "What." }, "limit": { "type": "integer" },
                "deep": { "type": "boolean" }, "kind": { "enum": ["a", "b"] }, "list": { "type": "array" },
            },
            "required": ["text"],
        });
        let fields = fields_of(&schema);
        let kind = |name: &str| fields.iter().find(|field| field.name == name).unwrap().kind.clone();
        assert_eq!(kind("deep"), ParameterKind::Boolean);
        assert_eq!(kind("list"), ParameterKind::Json);
        assert_eq!(kind("kind"), ParameterKind::Choice { options: vec!["".into(), "a".into(), "b".into()] });
        assert!(fields.iter().any(|field| field.description == "What."));
        let values = json!({ "text": "5", "limit": "5", "deep": true, "list": "[1]", "kind": "a" });
        assert_eq!(
            Value::Object(arguments(&schema, values.as_object().unwrap())),
            json!({ "text": "5", "limit": 5, "deep": true, "list": [1], "kind": "a" })
        );
        let wrong = arguments(&schema, json!({ "limit": "many" }).as_object().unwrap());
        assert_eq!(wrong["limit"], "many");
    }

    #[test]
    fn a_filled_in_form_becomes_a_draft() {
        let values = json!({
            "name": " stock ", "url": "https://h.example", "headers": "X-Key: a:b\n\nAuthorization:Bearer c",
            "parameters": "{\"type\": \"object\"}", "cache_seconds": 60,
        });
        let read = draft(AddedToolKind::Http, values.as_object().unwrap()).unwrap();
        assert_eq!((read.name.as_str(), read.method.as_str(), read.cache_seconds), ("stock", "GET", 60));
        assert_eq!(read.headers["X-Key"].0, "a:b");
        assert_eq!(read.headers["Authorization"].0, "Bearer c");
        assert_eq!(read.parameters, json!({ "type": "object" }));
        for (name, value) in [("headers", json!("none")), ("parameters", json!("{")), ("timeout_ms", json!("soon"))] {
            let refused = draft(AddedToolKind::Http, &Map::from_iter([(name.to_owned(), value)])).unwrap_err();
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }

    #[test]
    fn what_is_left_as_it_was_does_not_change() {
        let values = json!({ "url": "https://h.example/x", "headers": "X-Key: b\nX-Old:", "response_path": "" });
        let read = update(values.as_object().unwrap()).unwrap();
        let held = BTreeMap::from([("X-Key".to_owned(), Some(Secret("b".into()))), ("X-Old".to_owned(), None)]);
        let expected = AddedToolUpdate {
            url: Some("https://h.example/x".into()),
            response_path: Some(None),
            headers: Some(held),
            ..AddedToolUpdate::default()
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn the_fields_to_add_a_tool_have_defaults_that_pass_their_own_check() {
        for kind in [AddedToolKind::Http, AddedToolKind::Mcp] {
            for field in fields_to_add(kind) {
                assert_eq!(field.check(&field.default), Ok(()), "{}", field.name);
            }
        }
    }
}
