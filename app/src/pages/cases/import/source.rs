//! The file: chosen, dropped or pasted, and its format.

use super::super::file::read_chosen;
use crate::components::{Button, SelectField, TextArea};
use leptos::prelude::*;

const EXAMPLE: &str = r#"[
  {"user_input": "What is 15 * 23?", "expected_output": "345", "task_type": "numeric", "expected_tools": ["calculate"]},
  {"user_input": "Hello, how are you?", "expected_tools": []}
]"#;

const HINT: &str = "Each case needs user_input. An empty list of expected_tools means: must call no tool.";

const FORMATS: [(&str, &str); 11] = [
    ("", "Recognise it"),
    ("json", "JSON list"),
    ("jsonl", "JSON Lines"),
    ("yaml", "YAML list"),
    ("csv", "CSV"),
    ("tsv", "Tab-separated"),
    ("bfcl", "BFCL: questions and possible answers"),
    ("gsm8k", "GSM8K"),
    ("openai_evals", "OpenAI evals"),
    ("promptfoo", "promptfoo"),
    ("promptfoo_csv", "promptfoo tests, CSV"),
];

/// Longer files are kept as they are: a field of text that long would not scroll.
const PASTED_BYTES_MAX: usize = 200_000;

/// A file of cases in the browser.
#[derive(Clone, Copy, Default)]
pub struct File {
    /// Its format; empty = to be recognised.
    pub format: RwSignal<String>,
    /// What was chosen or pasted.
    text: RwSignal<String>,
    /// Name and content of a chosen file that is too long to be shown.
    long: RwSignal<Option<(String, String)>>,
}

impl File {
    /// Whatever reads this runs again when the file or its format changes.
    pub fn track(self) {
        self.format.track();
        self.text.track();
        self.long.track();
    }

    /// The format that was chosen; `None` = to be recognised.
    pub fn format_name(self) -> Option<String> {
        Some(self.format.get_untracked()).filter(|format| !format.is_empty())
    }

    /// The text of the file.
    pub fn content(self) -> String {
        let long = self.long.with_untracked(|long| long.as_ref().map(|(_, content)| content.clone()));
        long.unwrap_or_else(|| self.text.get_untracked())
    }

    /// Whether there is nothing to read.
    pub fn is_blank(self) -> bool {
        self.long.with(Option::is_none) && self.text.with(|text| text.trim().is_empty())
    }

    fn set(self, name: String, content: String) {
        if content.len() > PASTED_BYTES_MAX {
            self.long.try_set(Some((name, content)));
        } else {
            self.long.try_set(None);
            self.text.try_set(content);
        }
    }
}

/// Chooses it.
#[component]
pub fn Source(
    /// The file.
    file: File,
) -> impl IntoView {
    let (unreadable, set_unreadable) = signal(None::<String>);
    let formats: Vec<_> = FORMATS.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect();
    let take = Callback::new(move |(name, content)| file.set(name, content));
    let long = move || file.long.with(|long| long.as_ref().map(|(name, content)| long_text(name, content.len())));
    view! {
        <div class="form-row">
            <div class="field">
                <label for="import-file">"Choose a file, or drop it here (BFCL: questions and answers together)"</label>
                <input
                    class="control drop"
                    id="import-file"
                    type="file"
                    multiple
                    accept=".json,.jsonl,.ndjson,.yaml,.yml,.csv,.tsv,.txt"
                    on:change=move |event| read_chosen(&event, take, set_unreadable)
                />
            </div>
            <SelectField name="import_format" label="Format" value=file.format options=formats/>
        </div>
        {move || match long() {
            Some(text) => view! {
                <div class="actions">
                    <p role="status">{text}</p>
                    <Button on:click=move |_| file.long.set(None)>"Remove"</Button>
                </div>
            }.into_any(),
            None => view! {
                <TextArea name="import_text" label="or paste it here" value=file.text rows=12 placeholder=EXAMPLE error=unreadable hint=HINT/>
            }.into_any(),
        }}
    }
}

fn long_text(name: &str, bytes: usize) -> String {
    format!("{name}, {} kB", bytes.div_ceil(1000))
}
