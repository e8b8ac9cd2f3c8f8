//! JSON Schema, as far as tools and structured replies need it: a value is checked, and what is wrong is said in words a
//! model can act on.
//!
//! Understood: types, `enum`, `const`, objects, lists, bounds of numbers, texts and lists, `pattern`, `anyOf`, `oneOf`,
//! `allOf`, `not`, and `$ref` within the schema. Validators that know the whole of it exist; they pull in arithmetic and
//! address libraries many times this size, for keywords no model is told about. A schema with another keyword is refused
//! by [`Schema::strict`] and not checked in that point by [`Schema::lenient`].

mod words;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};
use std::{cell::Cell, collections::HashMap};
pub(crate) use words::kind_of;
use words::{brief, kinds};

/// Deepest value that is checked, references included.
const DEPTH_MAX: usize = 64;
/// Most comparisons of one check: alternatives within alternatives multiply.
const WORK_MAX: usize = 100_000;
/// Longest pattern, in bytes.
const PATTERN_BYTES_MAX: usize = 1000;
/// Most patterns of a schema.
const PATTERNS_MAX: usize = 50;
/// Largest pattern when it is ready to be used, in bytes.
const PATTERN_COMPILED_BYTES_MAX: usize = 256 * 1024;

/// Keywords that are checked.
const CHECKED: [&str; 27] = [
    "$ref",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "$defs",
    "definitions",
];
/// Keywords that say something and demand nothing.
const SAID: [&str; 11] = [
    "title",
    "description",
    "default",
    "examples",
    "$schema",
    "$id",
    "$comment",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// A schema, ready to check values.
#[derive(Clone, Debug)]
pub struct Schema {
    root: Value,
    patterns: HashMap<String, Regex>,
}

impl Schema {
    /// A schema of which every keyword is understood.
    ///
    /// # Errors
    /// Which keyword is not, or what else is wrong with it.
    pub fn strict(root: Value) -> Result<Self, String> {
        let mut schema = Self { root: Value::Null, patterns: HashMap::new() };
        schema.prepare(&root, &root, 0)?;
        schema.root = root;
        Ok(schema)
    }

    /// A schema whose other keywords are passed over; one that cannot be used at all lets everything pass.
    pub fn lenient(root: Value) -> Self {
        let mut schema = Self { root: Value::Null, patterns: HashMap::new() };
        // What is said against it is of no use here: patterns found so far are kept, the rest is not checked.
        let _ = schema.prepare(&root, &root, 0);
        schema.root = if root.is_object() { root } else { Value::Bool(true) };
        schema
    }

    /// What is wrong with `value`, naming the place, what is there and what would be right.
    ///
    /// # Errors
    /// That sentence.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        Check { schema: self, work: Cell::new(0) }.value(&self.root, value, &Place { name: String::new(), depth: 0 })
    }

    /// [`Schema::check`] of an object.
    ///
    /// # Errors
    /// As there.
    pub fn check_object(&self, value: &Map<String, Value>) -> Result<(), String> {
        // Schemas of arguments are object schemas: copying the few arguments is cheaper than a second checker.
        self.check(&Value::Object(value.clone()))
    }

    fn prepare(&mut self, schema: &Value, root: &Value, depth: usize) -> Result<(), String> {
        if depth > DEPTH_MAX {
            return Err(format!("is nested deeper than {DEPTH_MAX} levels"));
        }
        let Value::Object(keywords) = schema else {
            return if schema.is_boolean() {
                Ok(())
            } else {
                Err("has a part that is neither an object nor true or false".into())
            };
        };
        for (keyword, given) in keywords {
            match keyword.as_str() {
                "properties" | "$defs" | "definitions" => {
                    let parts = given.as_object().ok_or_else(|| format!("`{keyword}` is no object"))?;
                    parts.values().try_for_each(|part| self.prepare(part, root, depth + 1))?;
                }
                "items" | "additionalProperties" | "not" => self.prepare(given, root, depth + 1)?,
                "anyOf" | "oneOf" | "allOf" => {
                    let parts = given.as_array().ok_or_else(|| format!("`{keyword}` is no list"))?;
                    parts.iter().try_for_each(|part| self.prepare(part, root, depth + 1))?;
                }
                "pattern" => self.prepare_pattern(given)?,
                "$ref" if given.as_str().and_then(|name| referred(root, name)).is_none() => {
                    return Err(format!("`$ref` {given} leads nowhere within the schema"));
                }
                other if CHECKED.contains(&other) || SAID.contains(&other) => {}
                other => return Err(format!("has the keyword `{other}`, which is not supported")),
            }
        }
        Ok(())
    }

    fn prepare_pattern(&mut self, given: &Value) -> Result<(), String> {
        let pattern = given.as_str().filter(|pattern| pattern.len() <= PATTERN_BYTES_MAX);
        let pattern = pattern.ok_or_else(|| format!("`pattern` is no text of at most {PATTERN_BYTES_MAX} bytes"))?;
        if self.patterns.len() >= PATTERNS_MAX {
            return Err(format!("has more than {PATTERNS_MAX} patterns"));
        }
        let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_COMPILED_BYTES_MAX).build();
        let compiled = compiled.map_err(|_| format!("the pattern `{pattern}` cannot be read"))?;
        self.patterns.insert(pattern.to_owned(), compiled);
        Ok(())
    }
}

fn referred<'a>(root: &'a Value, name: &str) -> Option<&'a Value> {
    root.pointer(name.strip_prefix('#')?)
}

/// Where a value is.
struct Place {
    name: String,
    depth: usize,
}

impl Place {
    fn named(&self) -> String {
        if self.name.is_empty() { "the value".into() } else { format!("`{}`", self.name) }
    }

    fn member(&self, key: &str) -> Self {
        let dot = if self.name.is_empty() { "" } else { "." };
        Self { name: format!("{}{dot}{key}", self.name), depth: self.depth + 1 }
    }

    fn item(&self, index: usize) -> Self {
        Self { name: format!("{}[{index}]", self.name), depth: self.depth + 1 }
    }

    fn within(&self) -> Self {
        Self { name: self.name.clone(), depth: self.depth + 1 }
    }
}

/// One check under way.
struct Check<'a> {
    schema: &'a Schema,
    work: Cell<usize>,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, place: &Place) -> Result<(), String> {
        self.work.set(self.work.get() + 1);
        if place.depth > DEPTH_MAX || self.work.get() > WORK_MAX {
            return Err(format!("{} is too large or too deep to be checked", place.named()));
        }
        let Value::Object(keywords) = schema else {
            return if *schema == Value::Bool(false) {
                Err(format!("{} is not expected", place.named()))
            } else {
                Ok(())
            };
        };
        if let Some(target) =
            keywords.get("$ref").and_then(Value::as_str).and_then(|name| referred(&self.schema.root, name))
        {
            self.value(target, value, &place.within())?;
        }
        check_type(keywords, value, place)?;
        check_choice(keywords, value, place)?;
        match value {
            Value::Object(members) => self.object(keywords, members, place)?,
            Value::Array(items) => self.list(keywords, items, place)?,
            Value::String(text) => self.text(keywords, text, place)?,
            Value::Number(number) => check_number(keywords, number.as_f64().unwrap_or_default(), value, place)?,
            Value::Null | Value::Bool(_) => {}
        }
        self.alternatives(keywords, value, place)
    }

    fn object(&self, keywords: &Map<String, Value>, members: &Map<String, Value>, place: &Place) -> Result<(), String> {
        let declared = keywords.get("properties").and_then(Value::as_object);
        for name in keywords.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                let kind = declared.and_then(|declared| declared.get(name)?.get("type"));
                let expected = kind.map_or_else(String::new, |kind| format!(", expected {}", kinds(kind)));
                return Err(format!("{} is missing{expected}", place.member(name).named()));
            }
        }
        check_count(keywords, ["minProperties", "maxProperties"], members.len(), "members", place)?;
        for (name, member) in members {
            if let Some(schema) = declared.and_then(|declared| declared.get(name)) {
                self.value(schema, member, &place.member(name))?;
            } else if let Some(rest) = keywords.get("additionalProperties") {
                if *rest == Value::Bool(false) {
                    let known: Vec<_> = declared.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                    let shown: String = name.chars().take(64).collect();
                    return Err(format!(
                        "{} is unknown, expected only {}",
                        place.member(&shown).named(),
                        known.join(", ")
                    ));
                }
                self.value(rest, member, &place.member(name))?;
            }
        }
        Ok(())
    }

    fn list(&self, keywords: &Map<String, Value>, items: &[Value], place: &Place) -> Result<(), String> {
        check_count(keywords, ["minItems", "maxItems"], items.len(), "items", place)?;
        if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.work.set(self.work.get() + items.len() * items.len() / 2);
            let repeated = self.work.get() <= WORK_MAX
                && (1..items.len()).any(|n| items.iter().take(n).any(|one| Some(one) == items.get(n)));
            if repeated {
                return Err(format!("{} has an item twice, expected each once", place.named()));
            }
        }
        let Some(schema) = keywords.get("items") else { return Ok(()) };
        items.iter().enumerate().try_for_each(|(index, item)| self.value(schema, item, &place.item(index)))
    }

    fn text(&self, keywords: &Map<String, Value>, text: &str, place: &Place) -> Result<(), String> {
        check_count(keywords, ["minLength", "maxLength"], text.chars().count(), "characters", place)?;
        let pattern = keywords.get("pattern").and_then(Value::as_str);
        match pattern.and_then(|pattern| self.schema.patterns.get(pattern)) {
            Some(compiled) if !compiled.is_match(text) => {
                Err(format!("{} is {}, expected a text like {compiled}", place.named(), brief(&Value::from(text))))
            }
            _ => Ok(()),
        }
    }

    fn alternatives(&self, keywords: &Map<String, Value>, value: &Value, place: &Place) -> Result<(), String> {
        let parts = |keyword: &str| keywords.get(keyword).and_then(Value::as_array);
        let fits = |part: &&Value| self.value(part, value, &place.within()).is_ok();
        for part in parts("allOf").into_iter().flatten() {
            self.value(part, value, &place.within())?;
        }
        if parts("anyOf").is_some_and(|parts| !parts.iter().any(|part| fits(&part))) {
            return Err(format!("{} is {}, which fits none of the alternatives", place.named(), brief(value)));
        }
        if let Some(count) = parts("oneOf").map(|parts| parts.iter().filter(fits).count()).filter(|count| *count != 1) {
            return Err(format!(
                "{} is {}, which fits {count} of the alternatives, expected exactly one",
                place.named(),
                brief(value)
            ));
        }
        match keywords.get("not") {
            Some(part) if fits(&part) => Err(format!("{} is {}, which is excluded", place.named(), brief(value))),
            _ => Ok(()),
        }
    }
}

fn check_type(keywords: &Map<String, Value>, value: &Value, place: &Place) -> Result<(), String> {
    let Some(wanted) = keywords.get("type") else { return Ok(()) };
    let fits = match wanted {
        Value::Array(names) => names.iter().any(|name| is_kind(name, value)),
        name => is_kind(name, value),
    };
    if fits { Ok(()) } else { Err(format!("{} is {}, expected {}", place.named(), kind_of(value), kinds(wanted))) }
}

fn is_kind(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

fn check_choice(keywords: &Map<String, Value>, value: &Value, place: &Place) -> Result<(), String> {
    let refused = |expected: String| Err(format!("{} is {}, expected {expected}", place.named(), brief(value)));
    match (keywords.get("enum").and_then(Value::as_array), keywords.get("const")) {
        (Some(options), _) if !options.contains(value) => {
            refused(format!("one of {}", options.iter().take(20).map(brief).collect::<Vec<_>>().join(", ")))
        }
        (_, Some(only)) if only != value => refused(brief(only)),
        _ => Ok(()),
    }
}

fn check_number(keywords: &Map<String, Value>, number: f64, value: &Value, place: &Place) -> Result<(), String> {
    let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
    let wrong = [
        (bound("minimum").filter(|least| number < *least), "at least"),
        (bound("maximum").filter(|most| number > *most), "at most"),
        (bound("exclusiveMinimum").filter(|least| number <= *least), "more than"),
        (bound("exclusiveMaximum").filter(|most| number >= *most), "less than"),
        (bound("multipleOf").filter(|step| *step > 0.0 && !is_whole(number / step)), "a multiple of"),
    ];
    match wrong.iter().find_map(|(bound, words)| Some((bound.as_ref()?, words))) {
        Some((bound, words)) => Err(format!("{} is {}, expected {words} {bound}", place.named(), brief(value))),
        None => Ok(()),
    }
}

/// Whether a quotient is a whole number, but for rounding.
fn is_whole(quotient: f64) -> bool {
    let nearest = quotient.round();
    (nearest != 0.0 || quotient == 0.0) && (quotient - nearest).abs() <= 1e-9 * quotient.abs().max(1.0)
}

fn check_count(
    keywords: &Map<String, Value>,
    [least, most]: [&str; 2],
    count: usize,
    what: &str,
    place: &Place,
) -> Result<(), String> {
    let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let refused =
        |words: &str, bound: usize| Err(format!("{} has {count} {what}, expected {words} {bound}", place.named()));
    match (bound(least), bound(most)) {
        (Some(least), _) if count < least => refused("at least", least),
        (_, Some(most)) if count > most => refused("at most", most),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
