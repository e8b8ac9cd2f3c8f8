//! Code in colours: its parts between spans whose class says what they are.

use pulldown_cmark::Event;
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use syntect::{
    parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet},
    util::LinesWithEndings,
};

/// Longest block that is coloured, in bytes.
const BYTES_MAX: usize = 100_000;
/// Longest line that is coloured, in bytes: the expressions of a language try again at every place of it.
const LINE_BYTES_MAX: usize = 2_000;
/// How long one reply is coloured; what is left then stays as it is.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a part of a language's scopes is shown as; the innermost scope with a class decides.
const CLASSES: [(&str, &[&str]); 5] = [
    ("hl-comment", &["comment"]),
    ("hl-string", &["string"]),
    ("hl-value", &["constant"]),
    ("hl-keyword", &["keyword.control", "keyword.declaration", "keyword.other", "storage"]),
    ("hl-name", &["entity", "support", "variable.function"]),
];

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// The classes that spans may have.
pub fn classes() -> impl Iterator<Item = &'static str> {
    CLASSES.into_iter().map(|(class, _)| class)
}

/// Colours the code of one reply.
pub struct Highlighter {
    until: Instant,
}

impl Highlighter {
    /// For one reply, from now on.
    pub fn new() -> Self {
        Self { until: Instant::now() + PATIENCE }
    }

    /// `code` as text between spans; as it is when the language is not known or it takes too long.
    pub fn events(&self, language: &str, code: String) -> Vec<Event<'static>> {
        let syntax = syntax(language).filter(|_| code.len() <= BYTES_MAX);
        match syntax.and_then(|syntax| self.coloured(syntax, &code)) {
            Some(events) => events,
            None => vec![Event::Text(code.into())],
        }
    }

    fn coloured(&self, syntax: &SyntaxReference, code: &str) -> Option<Vec<Event<'static>>> {
        let mut parser = ParseState::new(syntax);
        let mut scopes = ScopeStack::new();
        let mut parts = Parts::default();
        for line in LinesWithEndings::from(code) {
            if line.len() > LINE_BYTES_MAX || Instant::now() > self.until {
                return None;
            }
            let mut from = 0;
            for (place, change) in parser.parse_line(line, &SYNTAXES).ok()? {
                parts.push(class(&scopes), line.get(from..place)?);
                scopes.apply(&change).ok()?;
                from = place;
            }
            parts.push(class(&scopes), line.get(from..)?);
        }
        Some(parts.into_events())
    }
}

/// The language as it is written after the fence: its name or a file's extension.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.split([' ', ',', '{']).next().filter(|name| !name.is_empty())?;
    let name = match name {
        "typescript" | "ts" | "jsx" | "tsx" | "mjs" => "js",
        "shell" | "console" | "zsh" => "bash",
        "jsonl" | "json5" => "json",
        name => name,
    };
    SYNTAXES.find_syntax_by_token(name)
}

fn class(scopes: &ScopeStack) -> Option<&'static str> {
    static PREFIXES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
        let of = |(class, prefixes): (&'static str, &'static [&'static str])| {
            prefixes.iter().filter_map(move |prefix| Some((Scope::new(prefix).ok()?, class)))
        };
        CLASSES.into_iter().flat_map(of).collect()
    });
    let of = |scope: &Scope| PREFIXES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class);
    scopes.as_slice().iter().rev().find_map(of)
}

/// Texts with their classes; neighbours of one class are one.
#[derive(Default)]
struct Parts(Vec<(Option<&'static str>, String)>);

impl Parts {
    fn push(&mut self, class: Option<&'static str>, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some((last, before)) if *last == class || text.trim().is_empty() => before.push_str(text),
            _ => self.0.push((class, text.to_owned())),
        }
    }

    fn into_events(self) -> Vec<Event<'static>> {
        let events = self.0.into_iter().flat_map(|(class, text)| {
            let open = class.map(|class| Event::Html(format!("<span class=\"{class}\">").into()));
            let close = class.map(|_| Event::Html("</span>".into()));
            open.into_iter().chain([Event::Text(text.into())]).chain(close)
        });
        events.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::html::push_html;

    fn html(language: &str, code: &str) -> String {
        let mut html = String::new();
        push_html(&mut html, Highlighter::new().events(language, code.into()).into_iter());
        html
    }

    #[test]
    fn the_parts_of_a_language_have_their_classes() {
        let html = html("rust", "// Why\nlet x = \"<b>\";\n");
        assert!(html.contains("<span class=\"hl-comment\">// Why"), "{html}");
        assert!(html.contains("<span class=\"hl-keyword\">let"), "{html}");
        assert!(html.contains("<span class=\"hl-string\">\"&lt;b&gt;\"</span>"), "{html}");
    }

    #[test]
    fn languages_are_known_by_name_extension_and_other_names() {
        for language in ["Python", "py", "ts", "json", "sql", "bash", "rust,ignore", "yaml"] {
            assert!(syntax(language).is_some(), "{language}");
        }
    }

    #[test]
    fn no_text_is_lost_and_what_is_too_much_stays_as_it_is() {
        let text = |events: Vec<Event<'_>>| -> String {
            let text = |event| if let Event::Text(text) = event { Some(text.into_string()) } else { None };
            events.into_iter().filter_map(text).collect()
        };
        let code = "def f(x):\r\n    return '''é\n'''  # done\n\n\tf(1)";
        assert_eq!(text(Highlighter::new().events("py", code.into())), code);
        let long = format!("let x = \"{}\";", "a".repeat(LINE_BYTES_MAX));
        assert_eq!(Highlighter::new().events("rust", long.clone()), [Event::Text(long.into())]);
        assert_eq!(Highlighter::new().events("no-such", "x".into()), [Event::Text("x".into())]);
        let late = Highlighter { until: Instant::now() - PATIENCE };
        assert_eq!(late.events("rust", "let x = 1;\n".into()).len(), 1);
    }
}
