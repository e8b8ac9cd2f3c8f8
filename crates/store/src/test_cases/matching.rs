//! Which test cases a list is of, and how many there are of each kind.

use crate::{
    Store,
    column::{count, flag, from_json, json, text, word},
    failure::failed,
};
use std::collections::{BTreeMap, BTreeSet};
use types::{Activity, CaseFacets, CaseQuery, Error};

/// Suite, split, answer check and tags, and how many cases have all of them.
type Kind = (Option<String>, Option<String>, String, String, i64);

impl Store {
    /// How many cases there are of each kind.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_facets(&self, activity: Activity) -> Result<CaseFacets, Error> {
        const SQL: &str = "SELECT suite, split, task_type, tags_json, COUNT(*) FROM test_cases WHERE is_active >= $1 \
                           GROUP BY suite, split, task_type, tags_json";
        let query = sqlx::query_as(SQL).bind(flag(activity == Activity::Active));
        let rows: Vec<Kind> = query.fetch_all(&self.read).await.map_err(failed)?;
        let [mut suites, mut splits, mut task_types, mut tags] = <[BTreeMap<String, u64>; 4]>::default();
        let add = |kinds: &mut BTreeMap<String, u64>, kind: String, number| *kinds.entry(kind).or_default() += number;
        for (suite, split, task_type, list, number) in rows {
            let number = count(number);
            suite.into_iter().for_each(|suite| add(&mut suites, suite, number));
            split.into_iter().for_each(|split| add(&mut splits, split, number));
            add(&mut task_types, task_type, number);
            for tag in from_json::<BTreeSet<String>>("test_cases.tags_json", &list)? {
                add(&mut tags, tag, number);
            }
        }
        let [suites, splits, task_types, tags] = [suites, splits, task_types, tags].map(largest_first);
        Ok(CaseFacets { suites, splits, tags, task_types })
    }
}

/// What the list is of, as `matching!` binds it.
pub(super) struct Matching(pub [String; 5]);

impl Matching {
    /// `None` when nothing is asked for.
    pub fn of(query: &CaseQuery) -> Option<Self> {
        let tag = query.tag.as_ref().map(|tag| json("tag", tag)).transpose().ok().flatten();
        let wanted = [
            pattern(query.search.as_deref().unwrap_or_default()),
            query.suite.clone().unwrap_or_default(),
            query.split.map(|split| word("test_cases.split", &split)).transpose().ok().flatten().unwrap_or_default(),
            query.task_type.clone().unwrap_or_default(),
            tag.unwrap_or_default(),
        ];
        (wanted != ["%", "", "", "", ""].map(str::to_owned)).then_some(Self(wanted))
    }
}

fn largest_first(kinds: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    kinds
}

/// The pattern of a search: blank finds all; wildcards in it mean themselves; only its first 200 characters count.
pub(super) fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for character in search.trim().chars().take(200).flat_map(char::to_lowercase) {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    text(&pattern)
}
