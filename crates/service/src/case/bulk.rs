//! Many cases changed at once, and changed back.

use crate::{Result, Service, agent::refuse_if_any, new_id};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};
use store::CaseChange;
use types::{
    CaseEdit, CaseFacets, CaseQuery, CaseSelection, CasesChanged, Error, TestCase, TestCaseCreate, TestCaseId,
};
use uuid::Uuid;

/// Most changes that can be undone.
const UNDONE_MAX: usize = 20;

/// Changes that can be undone.
#[derive(Default)]
pub(super) struct BulkEdits(Mutex<VecDeque<(Uuid, Vec<Before>)>>);

/// A case before it was changed: where it is found, and how it must stand for that to be brought back.
struct Before {
    id: TestCaseId,
    version: u32,
    was_active: bool,
    version_after: u32,
}

impl BulkEdits {
    fn keep(&self, before: Vec<Before>) -> Uuid {
        let key = new_id();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, before));
        if kept.len() > UNDONE_MAX {
            kept.pop_front();
        }
        key
    }

    fn take(&self, key: Uuid) -> Option<Vec<Before>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| *known == key)?;
        kept.remove(place).map(|(_, before)| before)
    }
}

impl Service {
    /// How many cases there are of each suite, split, tag and answer check.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_facets(&self, query: &CaseQuery) -> Result<CaseFacets> {
        self.store().case_facets(query.activity).await
    }

    /// Changes all chosen cases, or none.
    ///
    /// # Errors
    /// Nothing chosen or nothing to change; a case would be refused.
    pub async fn case_edit_many(&self, chosen: CaseSelection, edit: CaseEdit) -> Result<CasesChanged> {
        refuse_if_any(edit.validate())?;
        let _turn = self.inner.importing.lock().await;
        let cases = match chosen.matching {
            Some(matching) if chosen.ids.is_empty() => self.store().case_list(&matching.into()).await?.items,
            None if !chosen.ids.is_empty() => self.store().case_get_many(&chosen.ids).await?,
            _ => return Err(Error::field("ids", "give the ids of the cases, or what they match, and not both")),
        };
        let wanted = |case: &TestCase| edit.apply_to(&case.draft);
        self.case_write_changed(cases.into_iter().map(|case| (wanted(&case), case)).collect()).await
    }

    /// Undoes a change of many cases. Those that were changed since stay as they are.
    ///
    /// # Errors
    /// Not found: it was undone already, or is forgotten.
    pub async fn case_edit_undo(&self, key: &str) -> Result<CasesChanged> {
        let kept = key.parse().ok().and_then(|key| self.inner.editing.edits.take(key));
        let before = kept.ok_or_else(|| Error::NotFound("this change cannot be undone any more".into()))?;
        let _turn = self.inner.importing.lock().await;
        let ids: Vec<_> = before.iter().map(|before| before.id).collect();
        let now: HashMap<_, _> =
            self.store().case_get_many(&ids).await?.into_iter().map(|case| (case.id, case)).collect();
        let as_left = |before: &&Before| now.get(&before.id).is_some_and(|case| case.version == before.version_after);
        let back: Vec<&Before> = before.iter().filter(as_left).collect();
        let versions: Vec<_> = back.iter().map(|before| (before.id, before.version)).collect();
        let drafts: HashMap<_, _> =
            self.store().case_get_at(&versions).await?.into_iter().map(|case| (case.id, case.draft)).collect();
        let pairs = back.iter().filter_map(|before| {
            let (draft, case) = (drafts.get(&before.id)?.clone(), now.get(&before.id)?.clone());
            Some((TestCaseCreate { is_active: before.was_active, ..draft }, case))
        });
        self.case_write_changed(pairs.collect()).await
    }

    async fn case_write_changed(&self, wanted: Vec<(TestCaseCreate, TestCase)>) -> Result<CasesChanged> {
        let (mut changes, mut before, mut unchanged) = (Vec::new(), Vec::new(), 0);
        for (draft, case) in wanted {
            if draft == case.draft {
                unchanged += 1;
                continue;
            }
            if let Some(error) = draft.validate().into_iter().next() {
                return Err(Error::field(error.field, format!("of case {}: {}", case.id, error.message)));
            }
            let says_otherwise = super::says_otherwise(&case.draft, &draft);
            before.push(Before {
                id: case.id,
                version: case.version,
                was_active: case.draft.is_active,
                version_after: case.version.saturating_add(u32::from(says_otherwise)),
            });
            changes.push(CaseChange { case: TestCase { draft, ..case }, says_otherwise });
        }
        self.store().case_write_all(&[], &changes, None).await?;
        let changed = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        let undo = (changed > 0).then(|| self.inner.editing.edits.keep(before).to_string());
        Ok(CasesChanged { changed, unchanged, undo })
    }
}
