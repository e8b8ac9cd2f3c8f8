//! Table `test_cases`.

use crate::{
    Store, case_uploads,
    column::{
        count, flag, from_json, from_json_opt, from_word, json, json_opt, number, number_opt, parsed, text, text_opt,
        word,
    },
    failure::failed,
    listing::{items, paged},
};
use sqlx::{Any, AnyConnection, any::AnyArguments, query::Query};
use std::{collections::HashMap, sync::LazyLock};
use types::{Activity, CaseQuery, CaseSort, Error, Paged, Split, TestCase, TestCaseCreate, TestCaseId, Timestamp};

macro_rules! columns {
    () => {
        "id, created_at, name, user_input, expected_output, expected_tools_json, task_type, is_active, \
         expected_calls_json, external_id, suite, tags_json, weight, split, tolerance, more_json, version"
    };
}

mod matching;
mod more;
mod versions;

use matching::Matching;

/// `$1` = 1 leaves out deleted cases.
macro_rules! listed {
    () => {
        " FROM test_cases WHERE is_active >= $1"
    };
}

/// `$2` is a pattern; `$3` to `$5` suite, split and answer check, `$6` a tag as JSON; empty = any.
macro_rules! matching {
    () => {
        concat!(
            listed!(),
            " AND ($2 = '%' OR search_text LIKE $2 ESCAPE '\\') AND ($3 = '' OR suite = $3) \
               AND ($4 = '' OR split = $4) AND ($5 = '' OR task_type = $5) \
               AND ($6 = '' OR REPLACE(tags_json, $6, '') <> tags_json)"
        )
    };
}

/// The page of the whole list, and of what matches. Of the whole list indices alone find where a page begins.
macro_rules! page_by {
    ($order:literal) => {
        (
            concat!("SELECT ", columns!(), listed!(), " ORDER BY ", $order, " LIMIT $2 OFFSET $3"),
            concat!("SELECT ", columns!(), matching!(), " ORDER BY ", $order, " LIMIT $7 OFFSET $8"),
        )
    };
}

/// How many active cases belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseGroup {
    /// Their suite.
    pub suite: Option<String>,
    /// Their part of it.
    pub split: Option<Split>,
    /// How many.
    pub count: u64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    created_at: i64,
    name: Option<String>,
    user_input: String,
    expected_output: Option<String>,
    expected_tools_json: Option<String>,
    task_type: String,
    is_active: i64,
    expected_calls_json: Option<String>,
    external_id: Option<String>,
    suite: Option<String>,
    tags_json: String,
    weight: f64,
    split: Option<String>,
    tolerance: Option<f64>,
    more_json: Option<String>,
    version: i64,
}

/// A change of a case.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseChange {
    /// What it is now; its version is counted by the store.
    pub case: TestCase,
    /// Whether it says something else than before: then what it said is kept as a version.
    pub says_otherwise: bool,
}

/// How many ids one statement of [`Store::case_get_many`] asks for.
const IDS_PER_QUERY: usize = 100;

const UPDATE: &str = "UPDATE test_cases SET created_at = $2, name = $3, user_input = $4, expected_output = $5, \
                      expected_tools_json = $6, task_type = $7, is_active = $8, expected_calls_json = $9, \
                      external_id = $10, suite = $11, tags_json = $12, weight = $13, split = $14, \
                      tolerance = CASE WHEN $15 = 1 THEN $16 END, more_json = $17, search_text = $18, \
                      version = version + $19 WHERE id = $1";

static GET_MANY: LazyLock<String> = LazyLock::new(|| {
    let places: Vec<_> = (1..=IDS_PER_QUERY).map(|place| format!("${place}")).collect();
    format!(concat!("SELECT ", columns!(), " FROM test_cases WHERE id IN ({})"), places.join(", "))
});

impl Store {
    /// Adds cases, all or none.
    ///
    /// # Errors
    /// `Conflict` when an id is taken.
    pub async fn case_insert_all(&self, cases: &[TestCase]) -> Result<(), Error> {
        self.case_write_all(cases, &[], None).await.map(|_| ())
    }

    /// Adds cases and replaces others, all or none. Those of a file that is kept take it out by its token; when it is not
    /// there any more, nothing is written, and the answer is false: however many ask, one writes.
    ///
    /// # Errors
    /// `Conflict` when an id is taken.
    pub async fn case_write_all(
        &self,
        new: &[TestCase],
        changed: &[CaseChange],
        upload: Option<&str>,
    ) -> Result<bool, Error> {
        const INSERT: &str = concat!(
            "INSERT INTO test_cases (",
            columns!(),
            ", search_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, CASE WHEN $15 = 1 THEN $16 END, $17, 1, $18)"
        );
        let mut transaction = self.begin().await?;
        if let Some(token) = upload
            && !case_uploads::take(&mut transaction, token).await?
        {
            return Ok(false);
        }
        for case in new {
            let query = sqlx::query(INSERT).bind(case.id.to_string()).bind(case.created_at.as_millis());
            bind_draft(query, &case.draft)?.execute(&mut *transaction).await.map_err(failed)?;
        }
        for change in changed {
            update(&mut transaction, change).await?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// The case, deleted or not.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_get(&self, id: TestCaseId) -> Result<Option<TestCase>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM test_cases WHERE id = $1");
        let row = sqlx::query_as::<_, Row>(SQL).bind(id.to_string()).fetch_optional(&self.read).await;
        row.map_err(failed)?.map(TestCase::try_from).transpose()
    }

    /// Cases as asked for.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_list(&self, query: &CaseQuery) -> Result<Paged<TestCase>, Error> {
        let (all, matching) = match query.sort {
            CaseSort::Newest => page_by!("created_at DESC, id DESC"),
            CaseSort::Oldest => page_by!("created_at, id"),
            CaseSort::Question => page_by!("SUBSTR(LOWER(user_input), 1, 200), id"),
            CaseSort::TaskType => page_by!("task_type, created_at DESC, id DESC"),
        };
        let least_active = flag(query.activity == Activity::Active);
        let Some(wanted) = Matching::of(query) else {
            let total = sqlx::query_scalar(concat!("SELECT COUNT(*)", listed!())).bind(least_active);
            let rows = sqlx::query_as::<_, Row>(all).bind(least_active);
            return paged(&self.read, rows, total, query.page).await;
        };
        let total = sqlx::query_scalar(concat!("SELECT COUNT(*)", matching!())).bind(least_active);
        let [a, b, c, d, e] = wanted.0.clone();
        let total = total.bind(a).bind(b).bind(c).bind(d).bind(e);
        let [a, b, c, d, e] = wanted.0;
        let rows = sqlx::query_as::<_, Row>(matching).bind(least_active).bind(a).bind(b).bind(c).bind(d).bind(e);
        paged(&self.read, rows, total, query.page).await
    }

    /// How many active cases each suite has in each split.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_groups(&self) -> Result<Vec<CaseGroup>, Error> {
        const SQL: &str = "SELECT suite, split, COUNT(*) FROM test_cases WHERE is_active = 1 \
                           GROUP BY suite, split ORDER BY suite, split";
        let rows: Vec<(Option<String>, Option<String>, i64)> =
            sqlx::query_as(SQL).fetch_all(&self.read).await.map_err(failed)?;
        let group = |(suite, split, number): (_, Option<String>, _)| {
            let split = split.as_deref().map(|split| from_word("test_cases.split", split)).transpose()?;
            Ok(CaseGroup { suite, split, count: count(number) })
        };
        rows.into_iter().map(group).collect()
    }

    /// Replaces everything but the id; false when there is no such case.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_update(&self, change: &CaseChange) -> Result<bool, Error> {
        let mut transaction = self.begin().await?;
        let done = update(&mut transaction, change).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    /// The cases with these ids, in the order of the ids; unknown ones are left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_get_many(&self, ids: &[TestCaseId]) -> Result<Vec<TestCase>, Error> {
        let mut found = HashMap::new();
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let mut query = sqlx::query_as::<_, Row>(GET_MANY.as_str());
            for place in 0..IDS_PER_QUERY {
                query = query.bind(chunk.get(place).map(TestCaseId::to_string));
            }
            let rows = query.fetch_all(&self.read).await.map_err(failed)?;
            found.extend(items(rows)?.into_iter().map(|case: TestCase| (case.id, case)));
        }
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }

    /// Every case, deleted ones first, then oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_list_all(&self) -> Result<Vec<TestCase>, Error> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM test_cases ORDER BY is_active, created_at, id");
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Every active case, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_list_active(&self) -> Result<Vec<TestCase>, Error> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM test_cases WHERE is_active = 1 ORDER BY created_at, id");
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }
}

type Insert = Query<'static, Any, AnyArguments>;

async fn update(connection: &mut AnyConnection, change: &CaseChange) -> Result<bool, Error> {
    let CaseChange { case, says_otherwise } = change;
    if *says_otherwise {
        versions::keep(connection, case.id).await?;
    }
    let query = sqlx::query(UPDATE).bind(case.id.to_string()).bind(case.created_at.as_millis());
    let query = bind_draft(query, &case.draft)?.bind(flag(*says_otherwise));
    let done = query.execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected() > 0)
}

/// Binds `$3` to `$18`.
fn bind_draft(query: Insert, draft: &TestCaseCreate) -> Result<Insert, Error> {
    let (has_tolerance, tolerance) = number_opt("tolerance", draft.tolerance)?;
    Ok(query
        .bind(text_opt(draft.name.as_deref()))
        .bind(text(&draft.user_input))
        .bind(text_opt(draft.expected_output.as_deref()))
        .bind(json_opt("expected_tools_json", draft.expected_tools_json.as_ref())?)
        .bind(text(&draft.task_type))
        .bind(flag(draft.is_active))
        .bind(json_opt("expected_calls_json", draft.expected_calls.as_ref())?)
        .bind(text_opt(draft.external_id.as_deref()))
        .bind(text_opt(draft.suite.as_deref()))
        .bind(json("tags_json", &draft.tags)?)
        .bind(number("weight", draft.weight)?)
        .bind(draft.split.as_ref().map(|split| word("split", split)).transpose()?)
        .bind(has_tolerance)
        .bind(tolerance)
        .bind(more::write(draft)?)
        .bind(search_text(draft)))
}

/// What a search looks through, in lower case: SQLite's own LOWER knows only ASCII.
fn search_text(draft: &TestCaseCreate) -> String {
    let parts = [Some(&draft.user_input), draft.expected_output.as_ref(), draft.name.as_ref(), draft.suite.as_ref()];
    let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
    text(&parts.join("\n").to_lowercase())
}

impl TryFrom<Row> for TestCase {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let draft = TestCaseCreate {
            name: row.name,
            user_input: row.user_input,
            expected_output: row.expected_output,
            expected_tools_json: from_json_opt("test_cases.expected_tools_json", row.expected_tools_json.as_deref())?,
            task_type: row.task_type,
            is_active: row.is_active != 0,
            expected_calls: from_json_opt("test_cases.expected_calls_json", row.expected_calls_json.as_deref())?,
            external_id: row.external_id,
            suite: row.suite,
            tags: from_json("test_cases.tags_json", &row.tags_json)?,
            weight: row.weight,
            split: row.split.as_deref().map(|split| from_word("test_cases.split", split)).transpose()?,
            tolerance: row.tolerance,
            ..TestCaseCreate::default()
        };
        let draft = more::read(draft, row.more_json.as_deref())?;
        let (id, created_at) = (parsed("test_cases.id", &row.id)?, Timestamp::from_millis(row.created_at));
        Ok(Self { id, draft, created_at, version: u32::try_from(row.version).unwrap_or(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::matching::pattern;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(pattern(""), "%");
        assert_eq!(pattern("  "), "%");
        assert_eq!(pattern("50%_Off\\"), r"%50\%\_off\\%");
        assert_eq!(pattern("ÉTÉ"), "%été%");
    }

    #[test]
    fn a_long_search_is_cut() {
        assert_eq!(pattern(&"a".repeat(10_000)).len(), 202);
    }
}
