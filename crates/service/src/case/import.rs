//! Import of test cases from files: look at what it would do, then do it; every refused row named.

use super::refused;
use crate::{Result, Service, blocking};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use types::{
    Error, FieldError, ImportError, ImportOptions, ImportReport, ImportRows, TestCase, TestCaseCreate, TestCaseId,
    Timestamp,
};

/// The cases that come with the application.
pub(crate) const SAMPLES: &str = include_str!("../../../../samples/cases.json");

/// How long a file is kept between its preview and its import, in milliseconds.
const KEPT_MS: i64 = 60 * 60 * 1000;
/// Most files that are kept at once.
const KEPT_MAX: u32 = 8;

/// What an import did.
pub struct Imported {
    /// The counts.
    pub report: ImportReport,
    /// The case that each row is now, in the order of the file; refused rows are left out.
    pub cases: Vec<TestCaseId>,
}

impl Service {
    /// Says what importing a file would do, and keeps the file under the report's token for an hour.
    ///
    /// # Errors
    /// The file cannot be read at all; a column is to be a field that does not exist.
    pub async fn case_import_preview(&self, file: Vec<u8>, options: ImportOptions) -> Result<ImportReport> {
        let plan = self.plan(file, options).await?;
        let token = token_of(&plan.file, &plan.options);
        let content = String::from_utf8_lossy(&plan.file);
        let now = self.now();
        let until = (expired(now), KEPT_MAX);
        self.store().case_upload_save(&token, (&content, &plan.options), now, until).await?;
        Ok(ImportReport { token: Some(token), ..plan.report })
    }

    /// Imports the file that a preview kept, and forgets it when it was written.
    ///
    /// # Errors
    /// No such file is kept (any more).
    pub async fn case_import_commit(&self, token: &str, rows: ImportRows) -> Result<ImportReport> {
        let (file, options) = self.kept(token).await?;
        let imported = self.write(self.plan(file, options).await?, rows).await?;
        if rows == ImportRows::Valid || imported.report.refused == 0 {
            self.store().case_upload_delete(token).await?;
        }
        Ok(imported.report)
    }

    /// Imports a file at once; when a row is refused, and all rows are asked for, nothing is written.
    ///
    /// # Errors
    /// The file cannot be read at all; a column is to be a field that does not exist.
    pub async fn case_import(&self, file: Vec<u8>, options: ImportOptions, rows: ImportRows) -> Result<Imported> {
        self.write(self.plan(file, options).await?, rows).await
    }

    /// The refused rows of the file that a preview kept, as a file with what is wrong, ready to be corrected.
    ///
    /// # Errors
    /// No such file is kept (any more).
    pub async fn case_import_corrections(&self, token: &str) -> Result<String> {
        let (file, options) = self.kept(token).await?;
        let plan = self.plan(file, options).await?;
        let mut wrong = BTreeMap::<u32, String>::new();
        for error in plan.report.errors {
            let told = wrong.entry(error.row).or_default();
            let sentence = format!("{} {}", error.field, error.message);
            *told = if told.is_empty() { sentence.trim().to_owned() } else { format!("{told}; {}", sentence.trim()) };
        }
        blocking(move || formats::corrections(&plan.file, &plan.options, &wrong)).await
    }

    /// Imports the sample cases that come with the application; those that were changed since stay as they are.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_import_samples(&self) -> Result<ImportReport> {
        let mut plan = self.plan(SAMPLES.into(), ImportOptions::default()).await?;
        plan.report.unchanged += std::mem::take(&mut plan.report.updated);
        plan.changed.clear();
        Ok(self.write(plan, ImportRows::All).await?.report)
    }

    async fn kept(&self, token: &str) -> Result<(Vec<u8>, ImportOptions)> {
        let kept = self.store().case_upload_load(token, expired(self.now())).await?;
        let gone = || Error::NotFound("the file is not kept any more; preview it again".into());
        kept.map(|(text, options)| (text.into_bytes(), options)).ok_or_else(gone)
    }

    async fn plan(&self, file: Vec<u8>, options: ImportOptions) -> Result<Plan> {
        let known = self.store().case_list_active().await?;
        let service = self.clone();
        blocking(move || {
            let read = formats::read(&file, &options)?;
            let mut plan = Plan {
                report: ImportReport {
                    format: read.format.to_owned(),
                    columns: read.columns,
                    ..ImportReport::default()
                },
                new: Vec::new(),
                changed: Vec::new(),
                rows: Vec::new(),
                file,
                options,
            };
            plan.sort(&service, read.rows, &Known::of(&known));
            Ok(plan)
        })
        .await
    }

    async fn write(&self, plan: Plan, rows: ImportRows) -> Result<Imported> {
        if rows == ImportRows::All && plan.report.refused > 0 {
            let report = ImportReport { created: 0, updated: 0, ..plan.report };
            return Ok(Imported { report, cases: Vec::new() });
        }
        self.store().case_write_all(&plan.new, &plan.changed).await?;
        Ok(Imported { report: plan.report, cases: plan.rows })
    }
}

fn expired(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis().saturating_sub(KEPT_MS))
}

/// The same for the same file, to be read in the same way.
fn token_of(file: &[u8], options: &ImportOptions) -> String {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(options).unwrap_or_default());
    hash.update(file);
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What importing a file does.
struct Plan {
    file: Vec<u8>,
    options: ImportOptions,
    report: ImportReport,
    new: Vec<TestCase>,
    changed: Vec<TestCase>,
    rows: Vec<TestCaseId>,
}

/// What decides whether two cases are the same: everything but whether they were deleted.
type Content = [u8; 32];

fn content(draft: &TestCaseCreate) -> Content {
    let same = TestCaseCreate { is_active: true, ..draft.clone() };
    Sha256::digest(serde_json::to_vec(&same).unwrap_or_default()).into()
}

/// What names a case outside of this program: its id, within its suite.
type Named = (Option<String>, String);

fn named(draft: &TestCaseCreate) -> Option<Named> {
    Some((draft.suite.clone(), draft.external_id.clone()?))
}

/// The cases that are there.
struct Known<'a> {
    by_content: HashMap<Content, TestCaseId>,
    by_name: HashMap<Named, &'a TestCase>,
}

impl<'a> Known<'a> {
    fn of(cases: &'a [TestCase]) -> Self {
        Self {
            by_content: cases.iter().map(|case| (content(&case.draft), case.id)).collect(),
            by_name: cases.iter().filter_map(|case| Some((named(&case.draft)?, case))).collect(),
        }
    }
}

impl Plan {
    /// Finds for every row whether it is new, changes a case, is there already, or is refused.
    fn sort(&mut self, service: &Service, rows: Vec<formats::Row>, known: &Known<'_>) {
        let tools = service.tool_names();
        let mut seen: HashMap<Content, TestCaseId> = HashMap::new();
        let mut names: HashSet<Named> = HashSet::new();
        for (number, row) in (1..).zip(rows) {
            let checked = row.case.and_then(|draft| {
                let mut errors = refused(&draft, &tools);
                if errors.is_empty() && named(&draft).is_some_and(|name| !names.insert(name)) {
                    errors.push(FieldError::new("external_id", "is that of an earlier row; ids differ within a suite"));
                }
                if errors.is_empty() { Ok(draft) } else { Err(errors) }
            });
            match checked {
                Ok(draft) => {
                    let id = self.place(service, draft, known, &mut seen);
                    self.rows.push(id);
                }
                Err(errors) => self.refuse(number, row.line, errors),
            }
        }
    }

    fn place(
        &mut self,
        service: &Service,
        draft: TestCaseCreate,
        known: &Known<'_>,
        seen: &mut HashMap<Content, TestCaseId>,
    ) -> TestCaseId {
        let content = content(&draft);
        if let Some(id) = seen.get(&content) {
            self.report.repeated += 1;
            return *id;
        }
        let id = if let Some(id) = known.by_content.get(&content) {
            self.report.unchanged += 1;
            *id
        } else if let Some(case) = named(&draft).and_then(|name| known.by_name.get(&name)) {
            self.report.updated += 1;
            self.changed.push(TestCase { draft, ..(*case).clone() });
            case.id
        } else {
            self.report.created += 1;
            let case = service.case_from(draft);
            let id = case.id;
            self.new.push(case);
            id
        };
        seen.insert(content, id);
        id
    }

    fn refuse(&mut self, row: u32, line: u32, errors: Vec<FieldError>) {
        self.report.refused += 1;
        let told = |error: FieldError| ImportError { row, line, field: error.field, message: error.message };
        self.report.errors.extend(errors.into_iter().map(told));
    }
}
