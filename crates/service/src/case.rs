//! Test cases: create, list, change, delete, export; importing them from a file.

mod bulk;
mod entered;
mod import;
mod trial;

pub use import::{ImportWatch, Imported};
pub use trial::TrialState;

use crate::{Result, Service, agent::refuse_if_any, blocking, model_judge::missing, new_id};
use entered::entered;
use evaluation::{ModelKind, RuleSpec};
use store::{CaseChange, CaseGroup};
use types::{
    CASES_MAX, CaseQuery, CaseWarning, Error, ExtensionSpec, FieldError, JudgeSettings, Paged, TestCase,
    TestCaseCreate, TestCaseId, TestCaseUpdate,
};

/// What editors of cases have under way, and can undo.
#[derive(Default)]
pub(crate) struct Editing {
    trials: trial::Trials,
    edits: bulk::BulkEdits,
    watches: import::ImportWatches,
}

impl Service {
    fn offered(&self) -> Offered {
        Offered { tools: self.tool_names(), judges: self.judge_settings() }
    }

    /// A new case.
    ///
    /// # Errors
    /// Refused fields, among them an unknown answer check or tool.
    pub async fn case_create(&self, draft: TestCaseCreate) -> Result<TestCase> {
        let draft = entered(draft);
        refuse_if_any(refused(&draft, &self.offered()))?;
        let case = self.case_from(draft);
        self.store().case_insert_all(std::slice::from_ref(&case)).await?;
        Ok(case)
    }

    /// New cases, all or none; errors are named `test_cases[3].user_input`.
    ///
    /// # Errors
    /// Refused fields of any of them, or too many.
    pub async fn case_create_all(&self, drafts: Vec<TestCaseCreate>) -> Result<Vec<TestCase>> {
        if drafts.len() > CASES_MAX {
            let why = format!("has {} cases, expected at most {CASES_MAX}", drafts.len());
            return Err(Error::field("test_cases", why));
        }
        let drafts: Vec<TestCaseCreate> = drafts.into_iter().map(entered).collect();
        let offered = self.offered();
        let errors = drafts.iter().enumerate().flat_map(|(place, draft)| {
            let within =
                move |error: FieldError| FieldError::new(format!("test_cases[{place}].{}", error.field), error.message);
            refused(draft, &offered).into_iter().map(within)
        });
        refuse_if_any(errors.collect())?;
        let cases: Vec<TestCase> = drafts.into_iter().map(|draft| self.case_from(draft)).collect();
        self.store().case_insert_all(&cases).await?;
        Ok(cases)
    }

    /// Cases as asked for.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_list(&self, query: CaseQuery) -> Result<Paged<TestCase>> {
        self.store().case_list(&query).await
    }

    /// How many active cases each suite has in each split.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_groups(&self) -> Result<Vec<CaseGroup>> {
        self.store().case_groups().await
    }

    /// One case, deleted or not.
    ///
    /// # Errors
    /// Not found.
    pub async fn case_get(&self, id: TestCaseId) -> Result<TestCase> {
        self.store().case_get(id).await?.ok_or_else(|| Error::not_found("test case", id))
    }

    /// The case with a change made.
    ///
    /// # Errors
    /// Not found, refused fields.
    pub async fn case_update(&self, id: TestCaseId, update: TestCaseUpdate) -> Result<TestCase> {
        let before = self.case_get(id).await?;
        let case = TestCase { draft: entered(update.apply_to(before.draft.clone())), ..before.clone() };
        refuse_if_any(refused(&case.draft, &self.offered()))?;
        self.case_write(&before, case).await
    }

    /// The case with all that it says replaced; whether it is deleted stays. `version` is that of the case that was
    /// changed, where the caller knows.
    ///
    /// # Errors
    /// Not found, refused fields; conflict when it is at another version by now.
    pub async fn case_replace(&self, id: TestCaseId, draft: TestCaseCreate, version: Option<u32>) -> Result<TestCase> {
        let before = self.case_get(id).await?;
        if version.is_some_and(|version| version != before.version) {
            let now = before.version;
            return Err(Error::Conflict(format!(
                "the case was changed meanwhile and is at version {now}; open it again, and make your changes there"
            )));
        }
        let draft = TestCaseCreate { is_active: before.draft.is_active, ..entered(draft) };
        refuse_if_any(refused(&draft, &self.offered()))?;
        self.case_write(&before, TestCase { draft, ..before.clone() }).await
    }

    /// Every field of a draft that would be refused; empty = it can be stored.
    pub fn case_check(&self, draft: &TestCaseCreate) -> Vec<FieldError> {
        refused(draft, &self.offered())
    }

    /// The versions of a case, the present one first.
    ///
    /// # Errors
    /// Not found.
    pub async fn case_versions(&self, id: TestCaseId) -> Result<Vec<TestCase>> {
        let now = self.case_get(id).await?;
        let before = self.store().case_versions(id).await?;
        Ok(std::iter::once(now).chain(before).collect())
    }

    /// Deletes softly: results of earlier runs stay.
    ///
    /// # Errors
    /// Not found.
    pub async fn case_delete(&self, id: TestCaseId) -> Result<()> {
        let before = self.case_get(id).await?;
        let mut case = before.clone();
        case.draft.is_active = false;
        self.case_write(&before, case).await.map(|_| ())
    }

    /// All active cases, oldest first, as a file holds them: importing them again changes nothing.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_export(&self) -> Result<Vec<TestCaseCreate>> {
        let cases = self.store().case_list_active().await?;
        Ok(cases.into_iter().map(|case| case.draft).collect())
    }

    /// All active cases as a file of this format.
    ///
    /// # Errors
    /// There is no such format, or it is only read; the database fails.
    pub async fn case_export_as(&self, format: &str) -> Result<String> {
        let (cases, format) = (self.case_export().await?, format.to_owned());
        blocking(move || formats::write(&format, &cases)).await
    }

    /// What is probably not meant in a draft; empty = nothing was found. Errors are told when it is saved, and other cases
    /// like it when a file is imported.
    pub fn case_lint(&self, draft: &TestCaseCreate) -> Vec<CaseWarning> {
        let draft = entered(draft.clone());
        // What is out of bounds is not looked at more closely.
        if draft.validate().is_empty() { evaluation::lint(&draft, &self.tool_list()) } else { Vec::new() }
    }

    /// The registered answer checks: what `task_type` can be.
    pub fn answer_check_list(&self) -> Vec<ExtensionSpec> {
        evaluation::answer_checks()
    }

    /// The registered rules of arguments.
    pub fn argument_rule_list(&self) -> Vec<RuleSpec> {
        evaluation::argument_rules()
    }

    /// The names of the ways to compare calls.
    pub fn call_mode_list(&self) -> Vec<&'static str> {
        evaluation::call_modes().collect()
    }

    fn case_from(&self, draft: TestCaseCreate) -> TestCase {
        TestCase { id: TestCaseId(new_id()), draft, created_at: self.now(), version: 1 }
    }

    async fn case_write(&self, before: &TestCase, case: TestCase) -> Result<TestCase> {
        let (id, says_otherwise) = (case.id, says_otherwise(&before.draft, &case.draft));
        self.store().case_update(&CaseChange { case, says_otherwise }).await?;
        self.case_get(id).await
    }
}

/// Whether a case says something else than before. That it is deleted or restored says nothing.
fn says_otherwise(before: &TestCaseCreate, now: &TestCaseCreate) -> bool {
    *now != TestCaseCreate { is_active: now.is_active, ..before.clone() }
}

/// What cases may name.
struct Offered {
    tools: Vec<String>,
    judges: JudgeSettings,
}

/// Every field of a case that is refused: its own rules, names that must be registered, and models that must be configured.
fn refused(draft: &TestCaseCreate, offered: &Offered) -> Vec<FieldError> {
    let errors = draft.validate();
    if !errors.is_empty() {
        // What is out of bounds is not looked at more closely: that could take for ever.
        return errors;
    }
    let mut errors = evaluation::check_case(draft, &offered.tools);
    errors.extend(models_refused(draft, &offered.judges));
    errors
}

/// The fields of a case that ask for a model that is not configured.
pub(crate) fn models_refused(draft: &TestCaseCreate, judges: &JudgeSettings) -> Vec<FieldError> {
    let is_missing = |kind: ModelKind| match kind {
        ModelKind::Embeddings => judges.embeddings.is_none(),
        ModelKind::Judge => judges.judge.is_none(),
    };
    let needed = evaluation::models_needed(draft).into_iter().filter(|(_, kind)| is_missing(*kind));
    needed.map(|(field, kind)| FieldError::new(field, missing(kind))).collect()
}
