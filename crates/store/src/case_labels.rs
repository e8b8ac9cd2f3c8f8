//! What groups test cases, without their texts: columns of the table `test_cases`.

use crate::{
    Store,
    column::{from_json, from_json_opt, from_word, parsed},
    failure::failed,
    listing::items,
};
use serde::Deserialize;
use std::collections::BTreeSet;
use types::{Error, RunId, Split, TestCaseId};

macro_rules! columns {
    () => {
        "id, suite, split, tags_json, task_type, weight, more_json"
    };
}

/// A case as rankings see it.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseLabels {
    /// Which case.
    pub id: TestCaseId,
    /// Its suite.
    pub suite: Option<String>,
    /// Its part of the suite.
    pub split: Option<Split>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How its answer is checked.
    pub task_type: String,
    /// Its weight in means.
    pub weight: f64,
    /// What it belongs to, where cases are not independent.
    pub cluster: Option<String>,
}

/// What is read of `more_json`.
#[derive(Default, Deserialize)]
struct More {
    #[serde(default)]
    cluster: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    suite: Option<String>,
    split: Option<String>,
    tags_json: String,
    task_type: String,
    weight: f64,
    more_json: Option<String>,
}

impl Store {
    /// The labels of every case, deleted ones included.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_labels(&self) -> Result<Vec<CaseLabels>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM test_cases");
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// The labels of the cases that have a result in this run.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_labels_of(&self, run: RunId) -> Result<Vec<CaseLabels>, Error> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM test_cases WHERE id IN (SELECT test_case_id FROM evaluation_results WHERE run_id = $1)"
        );
        items(sqlx::query_as::<_, Row>(SQL).bind(run.to_string()).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Every tag of an active case.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_tags(&self) -> Result<BTreeSet<String>, Error> {
        const SQL: &str = "SELECT DISTINCT tags_json FROM test_cases WHERE is_active = 1";
        let lists: Vec<String> = sqlx::query_scalar(SQL).fetch_all(&self.read).await.map_err(failed)?;
        let lists = lists.iter().map(|list| from_json::<Vec<String>>("test_cases.tags_json", list));
        Ok(lists.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

impl TryFrom<Row> for CaseLabels {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let more: Option<More> = from_json_opt("test_cases.more_json", row.more_json.as_deref())?;
        Ok(Self {
            id: parsed("test_cases.id", &row.id)?,
            suite: row.suite,
            split: row.split.as_deref().map(|split| from_word("test_cases.split", split)).transpose()?,
            tags: from_json("test_cases.tags_json", &row.tags_json)?,
            task_type: row.task_type,
            weight: row.weight,
            cluster: more.unwrap_or_default().cluster,
        })
    }
}
