//! The frameworks agents can be built with, by name. To add one: a file in `frameworks/` and a line in [`frameworks`].

pub mod ag_ui;
pub mod langgraph;
pub mod local;
pub mod openai;
pub mod openai_chat;
pub mod pydantic_ai;

use crate::Framework;
use std::sync::LazyLock;

/// Every registered framework.
pub fn frameworks() -> Vec<Box<dyn Framework>> {
    vec![
        Box::new(local::Local),
        Box::new(openai::OpenAi),
        Box::new(openai_chat::OpenAiChat),
        Box::new(pydantic_ai::PydanticAi),
        Box::new(langgraph::LangGraph),
        Box::new(ag_ui::AgUi),
    ]
}

/// The framework of that name (an agent's `agent_type`).
pub fn framework(name: &str) -> Option<&'static dyn Framework> {
    // Looked up in every turn, and a specification is long.
    static NAMED: LazyLock<Vec<(String, Box<dyn Framework>)>> =
        LazyLock::new(|| frameworks().into_iter().map(|framework| (framework.spec().name, framework)).collect());
    NAMED.iter().find(|(known, _)| known == name).map(|(_, framework)| framework.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_framework_in_the_folder_is_registered_once_under_its_files_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/frameworks");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
            .collect();
        let names: Vec<String> = frameworks().iter().map(|framework| framework.spec().name).collect();
        assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), files);
        assert_eq!(names.len(), files.len());
    }

    #[test]
    fn every_framework_is_described_and_its_defaults_are_in_range() {
        for framework in frameworks() {
            let spec = framework.spec();
            assert!(spec.description.len() > 40, "{} needs a description", spec.name);
            for parameter in &spec.parameters {
                assert_eq!(parameter.check(&parameter.default), Ok(()), "{}.{}", spec.name, parameter.name);
                assert!(!parameter.label.is_empty() && !parameter.description.is_empty(), "{}", parameter.name);
            }
        }
    }

    #[test]
    fn a_framework_is_found_by_its_name_only() {
        assert!(framework("openai").is_some());
        assert!(framework("OpenAI").is_none());
    }
}
