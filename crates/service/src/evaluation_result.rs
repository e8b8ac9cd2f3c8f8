//! Results of an evaluation run: list, and one beside its neighbours.

use crate::{Result, Service, jobs::run_seed};
use evaluation::sample_seed;
use types::{
    Error, EvaluationResult, GatewayCallQuery, Page, Paged, ResultId, ResultInList, ResultPlace, ResultQuery, RunId,
};

impl Service {
    /// One page of the results of a run so far.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_result_list(&self, run: RunId, query: ResultQuery) -> Result<Paged<EvaluationResult>> {
        let Paged { items, total } = self.store().evaluation_result_list(run, query).await?;
        Ok(Paged { items: self.metric_fill(items).await?, total })
    }

    /// A result, and what stands before and after it in the list of `query`, whatever its page.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_result_get(&self, run: RunId, id: ResultId, query: ResultQuery) -> Result<ResultInList> {
        let stored = self.evaluation_result(run, id).await?;
        let filled = self.metric_fill(vec![stored]).await?.pop();
        let result = filled.ok_or_else(|| Error::not_found("evaluation result", id))?;
        let ids = self.store().evaluation_result_ids(run, query).await?;
        let (before, after) = neighbours(&ids, id);
        let review = self.reviews_of_run(run).await?.remove(&id);
        let case = self.store().case_get(result.test_case_id).await?;
        let version_now = case.map(|case| case.version).filter(|version| *version != result.case_version);
        let rollout = self.rollout_of(run, id).await?;
        Ok(ResultInList { result, before, after, review, version_now, rollout })
    }

    /// A result of a run.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_result(&self, run: RunId, id: ResultId) -> Result<EvaluationResult> {
        let result = self.store().evaluation_result_get(run, id).await?;
        result.ok_or_else(|| Error::not_found("evaluation result", id))
    }

    /// The rollout that the calls of a sample are recorded under; `None` when none is, as with agents that we run.
    async fn rollout_of(&self, run: RunId, id: ResultId) -> Result<Option<String>> {
        let Some(position) = self.store().evaluation_position(run, id).await? else { return Ok(None) };
        let rollout = agents::rollout(sample_seed(run_seed(run), position, 0)).to_string();
        let query = GatewayCallQuery {
            page: Page { skip: 0, limit: 1 },
            rollout: Some(rollout.clone()),
            ..GatewayCallQuery::default()
        };
        Ok((self.store().gateway_call_list(&query).await?.total > 0).then_some(rollout))
    }
}

/// What stands before and after `id`; nothing when the list does not show it.
fn neighbours(ids: &[ResultId], id: ResultId) -> (Option<ResultPlace>, Option<ResultPlace>) {
    let Some(at) = ids.iter().position(|other| *other == id) else { return (None, None) };
    let place = |at: Option<usize>| {
        let at = at?;
        Some(ResultPlace { place: u32::try_from(at).ok()?, id: *ids.get(at)? })
    };
    (place(at.checked_sub(1)), place(at.checked_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_list_have_one_neighbour() {
        let ids = [1, 2, 3].map(|n| ResultId(uuid::Uuid::from_u128(n)));
        let place = |place: u32| Some(ResultPlace { place, id: ids[place as usize] });
        assert_eq!(neighbours(&ids, ids[0]), (None, place(1)));
        assert_eq!(neighbours(&ids, ids[1]), (place(0), place(2)));
        assert_eq!(neighbours(&ids, ids[2]), (place(1), None));
        assert_eq!(neighbours(&ids[..1], ids[2]), (None, None));
    }
}
