//! What importing a file would do, found out row by row.

use crate::{
    Service,
    case::{Offered, entered::entered, refused},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::CaseChange;
use types::{
    CaseWarning, FieldError, ImportError, ImportReport, TestCase, TestCaseCreate, TestCaseId, Timestamp, ToolSpec,
};

/// Most errors that a report tells; the file of corrections tells all.
const ERRORS_MAX: usize = 1_000;
/// Longest field or message of an error, in characters: both may quote the file.
const ERROR_CHARS_MAX: usize = 300;
/// Most errors of a row that the file of corrections tells.
const ROW_ERRORS_MAX: usize = 10;

/// What importing a file does.
#[derive(Default)]
pub(super) struct Plan {
    /// The counts, and the first errors.
    pub report: ImportReport,
    /// Cases to add.
    pub new: Vec<TestCase>,
    /// Cases to replace.
    pub changed: Vec<CaseChange>,
    /// The case that each row is, refused ones left out.
    pub rows: Vec<TestCaseId>,
    /// What is wrong with each refused row, by its number.
    pub wrong: BTreeMap<u32, String>,
}

/// What decides whether two cases are the same: everything but whether they were deleted.
type Content = [u8; 32];

fn content(draft: &TestCaseCreate) -> Content {
    let same = TestCaseCreate { is_active: true, ..draft.clone() };
    Sha256::digest(serde_json::to_vec(&same).unwrap_or_default()).into()
}

fn question(draft: &TestCaseCreate) -> Content {
    Sha256::digest(evaluation::question_of(draft)).into()
}

/// What names a case outside of this program: its id, within its suite.
type Named = (Option<String>, String);

fn named(draft: &TestCaseCreate) -> Option<Named> {
    Some((draft.suite.clone(), draft.external_id.clone()?))
}

/// A case that is there.
#[derive(Clone, Copy)]
struct Kept {
    id: TestCaseId,
    created_at: Timestamp,
    version: u32,
}

/// The cases that are there, deleted ones too: a row of a deleted case is that case, not another one.
struct Known {
    /// By what they say, and whether they are active.
    by_content: HashMap<(Content, bool), Kept>,
    by_name: HashMap<Named, Kept>,
    /// Active ones by what they ask and expect, whatever they are called.
    by_question: HashMap<Content, TestCaseId>,
}

impl Known {
    /// Of cases with the same name the last one counts.
    fn of(cases: Vec<TestCase>) -> Self {
        let mut known = Self { by_content: HashMap::new(), by_name: HashMap::new(), by_question: HashMap::new() };
        for case in cases {
            let (kept, draft) =
                (Kept { id: case.id, created_at: case.created_at, version: case.version }, entered(case.draft));
            if draft.is_active {
                known.by_question.entry(question(&draft)).or_insert(kept.id);
            }
            known.by_content.insert((content(&draft), draft.is_active), kept);
            known.by_name.extend(named(&draft).map(|name| (name, kept)));
        }
        known
    }
}

/// A plan while it is made.
pub(super) struct Planning<'a> {
    service: &'a Service,
    offered: Offered,
    specs: Vec<ToolSpec>,
    known: Known,
    /// The cases of the rows so far.
    seen: HashMap<Content, TestCaseId>,
    /// The first row that asks and expects something.
    asked: HashMap<Content, (u32, TestCaseId)>,
    names: HashSet<Named>,
    /// Cases that rows so far replace.
    taken: HashSet<TestCaseId>,
    /// How many errors the report does not tell, and the row and line of the first.
    untold: Option<(usize, u32, u32)>,
    plan: Plan,
}

impl<'a> Planning<'a> {
    /// Before the first row. Of cases with the same name the last one is that which a row replaces.
    pub fn new(service: &'a Service, cases: Vec<TestCase>) -> Self {
        Self {
            service,
            offered: service.offered(),
            specs: service.tool_list(),
            known: Known::of(cases),
            seen: HashMap::new(),
            asked: HashMap::new(),
            names: HashSet::new(),
            taken: HashSet::new(),
            untold: None,
            plan: Plan::default(),
        }
    }

    /// Finds whether the row is new, changes a case, is there already, or is refused.
    pub fn take(&mut self, row: formats::Row) {
        let (number, line) = (row.number, row.line);
        match row.case.map_err(|error| vec![error]).and_then(|draft| self.checked(entered(draft))) {
            Ok(draft) => {
                let warnings = evaluation::lint(&draft, &self.specs);
                let question = draft.is_active.then(|| question(&draft));
                let id = self.place(draft);
                let same = question.and_then(|question| self.same_question(question, number, id));
                self.warn(number, line, warnings.into_iter().chain(same));
                self.plan.rows.push(id);
            }
            Err(errors) => self.refuse(number, line, errors),
        }
    }

    /// The plan of all rows.
    pub fn finish(mut self) -> Plan {
        if let Some((errors, row, line)) = self.untold {
            let message =
                format!("from this row on {errors} more errors are not told; the corrections of a dry run tell all");
            self.plan.report.errors.push(ImportError { row, line, field: String::new(), message, hint: String::new() });
        }
        self.plan
    }

    fn checked(&mut self, draft: TestCaseCreate) -> Result<TestCaseCreate, Vec<FieldError>> {
        let mut errors = refused(&draft, &self.offered);
        if errors.is_empty() && named(&draft).is_some_and(|name| !self.names.insert(name)) {
            errors.push(FieldError::new("external_id", "is that of an earlier row; ids differ within a suite"));
        }
        if errors.is_empty() { Ok(draft) } else { Err(errors) }
    }

    fn place(&mut self, draft: TestCaseCreate) -> TestCaseId {
        let content = content(&draft);
        let there = |active| self.known.by_content.get(&(content, active)).copied();
        let id = if let Some(same) = there(draft.is_active).filter(|case| !self.taken.contains(&case.id)) {
            self.plan.report.unchanged += 1;
            same.id
        } else if let Some(id) = self.seen.get(&content) {
            self.plan.report.repeated += 1;
            *id
        } else {
            let other = there(!draft.is_active).map(|case| (case, false));
            let by_name = || named(&draft).and_then(|name| self.known.by_name.get(&name).copied());
            let other = other.or_else(|| by_name().map(|case| (case, true)));
            self.write(draft, other)
        };
        self.seen.insert(content, id);
        id
    }

    /// A row that replaces this case (and whether it says something else), or is a new one.
    fn write(&mut self, draft: TestCaseCreate, replaced: Option<(Kept, bool)>) -> TestCaseId {
        if let Some((Kept { id, created_at, version }, says_otherwise)) = replaced {
            self.plan.report.updated += 1;
            self.taken.insert(id);
            let case = TestCase { id, draft, created_at, version };
            self.plan.changed.push(CaseChange { case, says_otherwise });
            return id;
        }
        self.plan.report.created += 1;
        let case = self.service.case_from(draft);
        let id = case.id;
        self.plan.new.push(case);
        id
    }

    /// Whether another case, of an earlier row or already there, asks and expects the same.
    fn same_question(&mut self, question: Content, number: u32, id: TestCaseId) -> Option<CaseWarning> {
        let (row, earlier) = *self.asked.entry(question).or_insert((number, id));
        let there = self.known.by_question.get(&question).filter(|there| **there != id && **there != earlier);
        let what = match there {
            _ if earlier != id => format!("row {row}"),
            Some(there) => format!("the case {there}, which is there already"),
            None => return None,
        };
        let message = format!("asks and expects the same as {what}");
        let hint = "leave out one of the two: both count in every mean".into();
        Some(CaseWarning { field: String::new(), message, hint })
    }

    fn warn(&mut self, row: u32, line: u32, warnings: impl Iterator<Item = CaseWarning>) {
        let report = &mut self.plan.report;
        let mut warnings = warnings.peekable();
        report.warned += u32::from(warnings.peek().is_some());
        for CaseWarning { field, message, hint } in warnings.take(ROW_ERRORS_MAX) {
            if report.warnings.len() < ERRORS_MAX {
                let [field, message, hint] = [field, message, hint].map(|text| shortened(&text));
                report.warnings.push(ImportError { row, line, field, message, hint });
            }
        }
    }

    fn refuse(&mut self, row: u32, line: u32, errors: Vec<FieldError>) {
        self.plan.report.refused += 1;
        let sentence =
            |error: &FieldError| format!("{} {}", shortened(&error.field), shortened(&error.message)).trim().to_owned();
        let told: Vec<String> = errors.iter().take(ROW_ERRORS_MAX).map(sentence).collect();
        self.plan.wrong.insert(row, told.join("; "));
        for error in errors {
            if self.plan.report.errors.len() < ERRORS_MAX {
                let (field, message) = (shortened(&error.field), shortened(&error.message));
                self.plan.report.errors.push(ImportError { row, line, field, message, hint: String::new() });
            } else {
                self.untold.get_or_insert((0, row, line)).0 += 1;
            }
        }
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(ERROR_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
