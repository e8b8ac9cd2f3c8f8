//! What people say of the results of a run: verdicts beside the machine's, and keys that are disputed.

use crate::{Result, Service, agent::refuse_if_any, evaluation_run::aggregate_weighed};
use std::collections::HashMap;
use store::CaseLabels;
use types::{Error, Outcome, Page, Paged, ResultId, Review, ReviewDraft, RunId, RunReviews, TestCaseId};

impl Service {
    /// Stores what a person says of a result, in place of what was said of it before. The machine's verdict stays.
    ///
    /// # Errors
    /// Not found; refused fields; conflict: nobody answered, so there is nothing to judge.
    pub async fn evaluation_review(&self, run: RunId, id: ResultId, draft: ReviewDraft) -> Result<Review> {
        refuse_if_any(draft.validate())?;
        let result = self.evaluation_result(run, id).await?;
        if matches!(result.outcome, Outcome::ProviderError | Outcome::Cancelled) {
            return Err(Error::Conflict(format!("result {id} has no answer to judge ({})", result.outcome.label())));
        }
        let review = Review {
            result_id: id,
            run_id: run,
            test_case_id: result.test_case_id,
            case_version: result.case_version,
            verdict: draft.verdict,
            disputed: draft.disputed,
            comment: draft.comment.trim().to_owned(),
            reviewed_at: self.now(),
        };
        self.store().review_put(&review).await?;
        Ok(review)
    }

    /// Takes back what was said of a result.
    ///
    /// # Errors
    /// Not found: nothing was said of it.
    pub async fn evaluation_review_delete(&self, run: RunId, id: ResultId) -> Result<()> {
        self.evaluation_result(run, id).await?;
        if self.store().review_delete(id).await? { Ok(()) } else { Err(Error::not_found("review of result", id)) }
    }

    /// What people say of results, the latest first; only where the key is disputed, or all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn review_list(&self, only_disputed: bool, page: Page) -> Result<Paged<Review>> {
        self.store().review_list(only_disputed, page).await
    }

    /// What people say of the results of a case, the latest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reviews_of_case(&self, case: TestCaseId) -> Result<Vec<Review>> {
        self.store().reviews_of_case(case).await
    }

    /// What people say of the results of a run, by result.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reviews_of_run(&self, run: RunId) -> Result<HashMap<ResultId, Review>> {
        let reviews = self.store().reviews_of_run(run).await?;
        Ok(reviews.into_iter().map(|review| (review.result_id, review)).collect())
    }

    /// What people's verdicts make of the task success of a run.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_reviews(&self, run: RunId) -> Result<RunReviews> {
        self.evaluation_find(run).await?;
        let reviews = self.reviews_of_run(run).await?;
        if reviews.is_empty() {
            return Ok(RunReviews::default());
        }
        let mut scores = self.store().evaluation_scores(run).await?;
        let labels = self.store().case_labels_of(run).await?;
        let labels: HashMap<TestCaseId, CaseLabels> = labels.into_iter().map(|one| (one.id, one)).collect();
        let mut told = RunReviews::default();
        for score in &mut scores {
            let Some(review) = reviews.get(&score.id) else { continue };
            told.disputed += u32::from(review.disputed);
            let Some(verdict) = review.verdict else { continue };
            let success = Some(verdict.success());
            told.judged += 1;
            told.overruled += u32::from(score.score.task_success != success);
            score.score.task_success = success;
            score.score.outcome = if success == Some(1.0) { Outcome::Pass } else { Outcome::Fail };
        }
        if told.judged > 0 {
            let weighed = |id: TestCaseId| labels.get(&id).map(|case| (case.weight, case.cluster.as_deref()));
            let metrics = aggregate_weighed(scores.iter(), weighed);
            told.n = metrics.n.task_success;
            told.task_success = (told.n > 0).then_some(metrics.task_success);
            told.task_success_interval = metrics.task_success_interval;
        }
        Ok(told)
    }
}
