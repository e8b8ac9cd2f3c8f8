//! What test cases can be chosen by, and what is done to many of them.

use crate::{pages::cases::FACETS, present::count};
use leptos::prelude::*;
use types::{Activity, CaseEdit, CaseMatching, CaseQuery, CaseSelection, Error, Page, SPLIT_WORDS, TestCaseId, number};

/// Most values of a facet.
const VALUES_MAX: usize = 100;
const KEPT: [&str; 3] = ["q", "status", "sort"];
const LABELS: [(&str, &str); 4] =
    [("Suite", "All suites"), ("Split", "All splits"), ("Tag", "Any tag"), ("Compared by", "Any check")];

/// The form; `asked` has the values of [`KEPT`], then of [`FACETS`].
pub async fn html(asked: &[String]) -> Result<String, Error> {
    let value = |place: usize| asked.get(place).cloned().unwrap_or_default();
    let activity = if value(1) == "all" { Activity::All } else { Activity::Active };
    let facets =
        super::service().case_facets(&CaseQuery { activity, page: Page::default(), ..CaseQuery::default() }).await?;
    let values = [facets.suites, facets.splits, facets.tags, facets.task_types];
    let selects: Vec<AnyView> = FACETS
        .iter()
        .zip(values)
        .zip(LABELS)
        .enumerate()
        .filter_map(|(place, ((key, values), label))| select(key, label, values, &value(KEPT.len() + place)))
        .collect();
    if selects.is_empty() {
        return Ok(String::new());
    }
    let kept = KEPT.iter().enumerate().filter(|(place, _)| !value(*place).is_empty());
    let kept: Vec<AnyView> =
        kept.map(|(place, key)| view! { <input type="hidden" name=*key value=value(place) /> }.into_any()).collect();
    let form = view! {
        <form class="facet-form" action="/cases" aria-label="Which test cases">
            {kept}
            {selects}
            <noscript><button class="button">"Show"</button></noscript>
        </form>
    };
    Ok(form.to_html())
}

/// A facet; nothing where nothing can be chosen.
fn select(
    key: &'static str,
    label: (&'static str, &'static str),
    mut values: Vec<(String, u64)>,
    chosen: &str,
) -> Option<AnyView> {
    values.truncate(VALUES_MAX);
    if !chosen.is_empty() && !values.iter().any(|(value, _)| value == chosen) {
        values.push((chosen.to_owned(), 0));
    }
    let option = |(value, number): (String, u64)| {
        let selected = value == chosen;
        let text = format!("{value} ({number})");
        view! { <option value=value selected=selected>{text}</option> }.into_any()
    };
    (!values.is_empty()).then(|| {
        view! {
            <div class="facet">
                <label for=format!("facet-{key}")>{label.0}</label>
                <select class="control" id=format!("facet-{key}") name=key>
                    <option value="">{label.1}</option>
                    {values.into_iter().map(option).collect::<Vec<_>>()}
                </select>
            </div>
        }
        .into_any()
    })
}

/// Does `deed` to many cases; answers what to tell, and the key that undoes it.
pub async fn bulk(
    ids: Vec<TestCaseId>,
    query: CaseQuery,
    deed: &str,
    value: &str,
) -> Result<(String, Option<String>), Error> {
    let edit = edit(deed, value.trim())?;
    let CaseQuery { activity, search, suite, split, tag, task_type, .. } = query;
    let archived = activity == Activity::All;
    let matching = ids.is_empty().then_some(CaseMatching { archived, search, suite, split, tag, task_type });
    let done = super::service().case_edit_many(CaseSelection { ids, matching }, edit).await?;
    let unchanged = if done.unchanged > 0 { format!(" {} were so already.", done.unchanged) } else { String::new() };
    Ok((
        format!("Changed {}.{unchanged}", count(i64::try_from(done.changed).unwrap_or(i64::MAX), "test case")),
        done.undo,
    ))
}

fn edit(deed: &str, value: &str) -> Result<CaseEdit, Error> {
    let text = (!value.is_empty()).then(|| value.to_owned());
    let tag = || text.clone().map(|tag| vec![tag]).ok_or_else(|| Error::field("value", "write the tag"));
    let edit = CaseEdit::default();
    Ok(match deed {
        "archive" => CaseEdit { is_active: Some(false), ..edit },
        "restore" => CaseEdit { is_active: Some(true), ..edit },
        "add_tag" => CaseEdit { add_tags: tag()?, ..edit },
        "remove_tag" => CaseEdit { remove_tags: tag()?, ..edit },
        "suite" => CaseEdit { suite: Some(text), ..edit },
        "split" => {
            let split = SPLIT_WORDS.iter().find(|(word, _)| *word == value).map(|(_, split)| *split);
            if split.is_none() && text.is_some() {
                return Err(Error::field("value", "write train, dev or test, or nothing for no split"));
            }
            CaseEdit { split: Some(split), ..edit }
        }
        "weight" => {
            let weight = number::read(value).ok_or_else(|| Error::field("value", "write a number"))?;
            CaseEdit { weight: Some(weight), ..edit }
        }
        other => return Err(Error::field("deed", format!("`{other}` is nothing that can be done to test cases"))),
    })
}
