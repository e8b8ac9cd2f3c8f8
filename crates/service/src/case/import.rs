//! Import of test cases from files: look at what it would do, then do it; every refused row named.

mod plan;

use crate::{Result, Service, blocking};
use moka::sync::Cache;
use plan::{Plan, Planning};
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use types::{Error, ImportOptions, ImportReport, ImportRows, TestCaseId, Timestamp};

/// The cases that come with the application.
pub(crate) const SAMPLES: &str = include_str!("../../../../samples/cases.json");

/// How long a file is kept between its preview and its import, in milliseconds.
const KEPT_MS: i64 = 60 * 60 * 1000;
/// Most files that are kept at once.
const KEPT_MAX: u32 = 8;

/// Imports that are watched at once; the oldest is forgotten.
const WATCHES_MAX: u64 = 64;

/// How far the reading of a file is; clones watch the same.
#[derive(Clone, Default)]
pub struct ImportWatch(Arc<AtomicU32>);

impl ImportWatch {
    /// Rows that were looked at so far.
    pub fn rows(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Imports that are watched, by keys that their watchers chose.
pub(super) struct ImportWatches(Cache<String, ImportWatch>);

impl Default for ImportWatches {
    fn default() -> Self {
        Self(Cache::new(WATCHES_MAX))
    }
}

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
    pub async fn case_import_preview(
        &self,
        file: Vec<u8>,
        options: ImportOptions,
        watch: &ImportWatch,
    ) -> Result<ImportReport> {
        let file = Arc::new(file);
        let plan = self.plan(file.clone(), options.clone(), watch).await?;
        let token = token_of(&file, &options);
        let content = String::from_utf8_lossy(&file);
        let now = self.now();
        let until = (expired(now), KEPT_MAX);
        self.store().case_upload_save(&token, (&content, &options), now, until).await?;
        Ok(ImportReport { token: Some(token), ..plan.report })
    }

    /// Imports the file that a preview kept, and forgets it in the same step: it is written once, however many ask.
    ///
    /// # Errors
    /// No such file is kept (any more).
    pub async fn case_import_commit(&self, token: &str, rows: ImportRows, watch: &ImportWatch) -> Result<ImportReport> {
        let _alone = self.inner.importing.lock().await;
        let (file, options) = self.kept(token).await?;
        let plan = self.plan(Arc::new(file), options, watch).await?;
        Ok(self.write(plan, rows, Some(token)).await?.report)
    }

    /// Imports a file at once; when a row is refused, and all rows are asked for, nothing is written.
    ///
    /// # Errors
    /// The file cannot be read at all; a column is to be a field that does not exist.
    pub async fn case_import(
        &self,
        file: Vec<u8>,
        options: ImportOptions,
        rows: ImportRows,
        watch: &ImportWatch,
    ) -> Result<Imported> {
        let _alone = self.inner.importing.lock().await;
        let plan = self.plan(Arc::new(file), options, watch).await?;
        self.write(plan, rows, None).await
    }

    /// The refused rows of the file that a preview kept, as a file with what is wrong, ready to be corrected.
    ///
    /// # Errors
    /// No such file is kept (any more).
    pub async fn case_import_corrections(&self, token: &str) -> Result<String> {
        let (file, options) = self.kept(token).await?;
        let file = Arc::new(file);
        let plan = self.plan(file.clone(), options.clone(), &ImportWatch::default()).await?;
        blocking(move || formats::corrections(&file, &options, &plan.wrong)).await
    }

    /// Imports the sample cases that come with the application; those that were changed since stay as they are.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_import_samples(&self) -> Result<ImportReport> {
        let _alone = self.inner.importing.lock().await;
        let mut plan = self.plan(Arc::new(SAMPLES.into()), ImportOptions::default(), &ImportWatch::default()).await?;
        plan.report.unchanged += std::mem::take(&mut plan.report.updated);
        plan.changed.clear();
        Ok(self.write(plan, ImportRows::All, None).await?.report)
    }

    async fn kept(&self, token: &str) -> Result<(Vec<u8>, ImportOptions)> {
        let kept = self.store().case_upload_load(token, expired(self.now())).await?;
        let gone = || Error::NotFound("the file is not kept any more; preview it again".into());
        kept.map(|(text, options)| (text.into_bytes(), options)).ok_or_else(gone)
    }

    /// The import that is watched under this key, from now on.
    pub fn case_import_watch(&self, key: &str) -> ImportWatch {
        let key: String = key.chars().take(64).collect();
        self.inner.editing.watches.0.get_with(key, ImportWatch::default)
    }

    async fn plan(&self, file: Arc<Vec<u8>>, options: ImportOptions, watch: &ImportWatch) -> Result<Plan> {
        let known = self.store().case_list_all().await?;
        let (service, watch) = (self.clone(), watch.clone());
        blocking(move || {
            let mut planning = Planning::new(&service, known);
            let mut take = |row: formats::Row| {
                watch.0.store(row.number, Ordering::Relaxed);
                planning.take(row);
            };
            let read = formats::read(&file, &options, &mut take)?;
            let mut plan = planning.finish();
            (plan.report.format, plan.report.columns) = (read.format.to_owned(), read.columns);
            Ok(plan)
        })
        .await
    }

    /// Does what was planned. Whoever calls it holds the lock since before it planned, so that cases that are new are new.
    async fn write(&self, plan: Plan, rows: ImportRows, token: Option<&str>) -> Result<Imported> {
        if rows == ImportRows::All && plan.report.refused > 0 {
            let report = ImportReport { created: 0, updated: 0, ..plan.report };
            return Ok(Imported { report, cases: Vec::new() });
        }
        if !self.store().case_write_all(&plan.new, &plan.changed, token).await? {
            return Err(Error::Conflict("the file was imported already".into()));
        }
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
