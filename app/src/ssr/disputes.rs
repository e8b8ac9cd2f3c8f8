//! The results whose key is disputed, as HTML.

use crate::{
    api::evaluations::said,
    components::{Pagination, TableFrame},
    pages::evaluations::DISPUTES_PER_PAGE,
    present::one_line,
};
use leptos::prelude::*;
use types::{Error, EvaluationResult, Page, Review, TestCase};

/// A dispute with what it is about.
struct Dispute {
    review: Review,
    agent: String,
    result: Option<EvaluationResult>,
    case: Option<TestCase>,
}

/// One page of the disputes, the latest first.
pub async fn html(page: Page) -> Result<String, Error> {
    let service = super::service();
    let found = service.review_list(true, page).await?;
    let mut disputes = Vec::new();
    for review in found.items {
        let run = service.evaluation_find(review.run_id).await?;
        let agent = service.agent_get(run.agent_id).await?.title();
        let result = service.evaluation_result(review.run_id, review.result_id).await.ok();
        let case = service.case_get(review.test_case_id).await.ok();
        disputes.push(Dispute { review, agent, result, case });
    }
    Ok(section(&disputes, page, found.total).to_html())
}

fn section(disputes: &[Dispute], page: Page, total: u64) -> AnyView {
    if disputes.is_empty() {
        return view! {
            <p class="muted">"No key is disputed. Open a result of an evaluation and press \u{201c}The key is wrong\u{201d} to list it here."</p>
        }
        .into_any();
    }
    let rows: Vec<AnyView> = disputes.iter().map(row).collect();
    let href = |skip: u32| format!("/evaluations/disputed?page={}", skip / DISPUTES_PER_PAGE + 1);
    view! {
        <TableFrame label="Disputed keys">
            <thead>
                <tr>
                    <th scope="col">"Case"</th>
                    <th scope="col">"Why"</th>
                    <th scope="col">"Result"</th>
                    <th scope="col">"Said"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Pagination page total href />
    }
    .into_any()
}

fn row(dispute: &Dispute) -> AnyView {
    let Dispute { review, agent, result, case } = dispute;
    let question = match (case, result) {
        (Some(case), _) => one_line(&case.draft.user_input, 90),
        (None, Some(result)) => one_line(&result.user_input, 90),
        (None, None) => "a case that is gone".into(),
    };
    let changed = case
        .as_ref()
        .filter(|case| case.version != review.case_version)
        .map(|case| format!("changed since: version {} then, {} now", review.case_version, case.version));
    let outcome = result.as_ref().map_or("asked again since", |result| result.outcome.label());
    let to_result = format!("/evaluations/{}?result={}", review.run_id, review.result_id);
    let why = if review.comment.is_empty() { "–".to_owned() } else { one_line(&review.comment, 200) };
    let when = review.reviewed_at.to_string().replace('T', " ");
    view! {
        <tr>
            <th scope="row" data-label="Case">
                <a href=format!("/cases/{}", review.test_case_id)>{question}</a>
                " "
                <span class="muted">{changed}</span>
            </th>
            <td data-label="Why">{why}</td>
            <td data-label="Result">
                <a href=to_result>{format!("{outcome}, {agent}")}</a>
            </td>
            <td data-label="Said">{said(review)}</td>
            <td data-label="When" class="nowrap">{when.get(..16).unwrap_or_default().to_owned()}</td>
        </tr>
    }
    .into_any()
}
