//! The registered reply forms. Every reply of a local agent comes from one of them.

use types::ReplyForm;

/// Name, template and when it is meant to be used. `{slot}` is filled from a tool's result.
const FORMS: [(&str, &str, &str); 10] = [
    ("greeting", "Hello! What can I calculate, look up or find for you?", "Answers a greeting or small talk."),
    ("thanks", "You're welcome!", "Answers thanks or praise."),
    ("farewell", "Goodbye! Come back any time.", "Answers a goodbye."),
    (
        "about",
        "I am a small neural network that learned by reward to choose a tool, its arguments and one of a few registered \
         reply forms. Ask me to calculate something, to search, or about the weather.",
        "Tells who the agent is and what it can do.",
    ),
    ("cannot", "I am not able to do that: none of my tools fits.", "Declines a request that no tool can fulfil."),
    (
        "answer",
        "The answer is {value}.",
        "States the single value that a tool answered, such as a result of arithmetic.",
    ),
    (
        "weather",
        "It is {temperature_c} °C in {location}, {condition}. Source: {source}.",
        "Reports temperature and condition of the weather at a location.",
    ),
    (
        "search_result",
        "{title}: {snippet} Source: {source}.",
        "Quotes the title and snippet of a result that a search found.",
    ),
    ("nothing_found", "I found nothing about {query}.", "Says that a search had no results."),
    ("tool_failed", "That did not work: {error}", "Quotes the error of a tool that failed."),
];

/// All forms, in the order of the registry.
pub fn reply_forms() -> Vec<ReplyForm> {
    FORMS
        .iter()
        .map(|(name, template, description)| ReplyForm {
            name: (*name).to_owned(),
            template: (*template).to_owned(),
            description: (*description).to_owned(),
            slots: slots(template),
        })
        .collect()
}

/// The form of that name.
pub fn reply_form(name: &str) -> Option<ReplyForm> {
    reply_forms().into_iter().find(|form| form.name == name)
}

fn slots(template: &str) -> Vec<String> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(slot, _)| slot.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_every_form_is_described() {
        let forms = reply_forms();
        let names: BTreeSet<_> = forms.iter().map(|form| form.name.clone()).collect();
        assert_eq!(names.len(), forms.len());
        assert!(forms.iter().all(|form| !form.description.is_empty() && !form.template.is_empty()));
    }

    #[test]
    fn slots_stand_in_the_order_of_the_template() {
        let slots = reply_form("weather").map(|form| form.slots);
        assert_eq!(slots, Some(["temperature_c", "location", "condition", "source"].map(String::from).to_vec()));
    }
}
