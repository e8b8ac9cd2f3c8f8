//! Which cases a command means: those of a file, imported where they are not there yet, or all active ones.

use super::terminal::explained;
use service::Service;
use std::path::Path;
use types::{Activity, CaseQuery, CaseSort, ImportMode, Page, TestCaseCreate, TestCaseId};

const PAGE: u32 = 1000;

/// Ids of the cases of `file` in the file's order; `None` without a file = all active ones.
pub async fn chosen(service: &Service, file: Option<&Path>) -> Result<Option<Vec<TestCaseId>>, String> {
    let Some(file) = file else { return Ok(None) };
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let report = service.case_import(&text, ImportMode::Commit).await.map_err(|error| explained(&error))?;
    if let Some(first) = report.errors.first() {
        let more = match report.errors.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more)"),
        };
        let field = if first.field.is_empty() { String::new() } else { format!("`{}` ", first.field) };
        return Err(format!("{shown}, row {}: {field}{}{more}", first.row, first.message));
    }
    let drafts: Vec<TestCaseCreate> = serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))?;
    ids_of(service, &drafts).await.map(Some)
}

async fn ids_of(service: &Service, drafts: &[TestCaseCreate]) -> Result<Vec<TestCaseId>, String> {
    let mut ids = vec![None; drafts.len()];
    for number in 0.. {
        let page = Page { skip: number * PAGE, limit: PAGE };
        let query = CaseQuery { page, activity: Activity::Active, search: None, sort: CaseSort::Oldest };
        let cases = service.case_list(query).await.map_err(|error| explained(&error))?.items;
        for case in &cases {
            for (draft, id) in drafts.iter().zip(ids.iter_mut()).filter(|(_, id)| id.is_none()) {
                if is_same(draft, &case.draft) {
                    *id = Some(case.id);
                }
            }
        }
        if cases.len() < PAGE as usize {
            break;
        }
    }
    let missing = ids.iter().filter(|id| id.is_none()).count();
    if missing > 0 {
        return Err(format!("{missing} cases of the file are not among the active ones; were they deleted meanwhile?"));
    }
    let mut ids: Vec<_> = ids.into_iter().flatten().collect();
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

fn is_same(one: &TestCaseCreate, other: &TestCaseCreate) -> bool {
    one.user_input == other.user_input
        && one.expected_output == other.expected_output
        && one.task_type == other.task_type
        && one.expected_tool_names() == other.expected_tool_names()
        && one.split == other.split
}
