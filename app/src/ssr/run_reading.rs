//! What is read of a run beside its means, as HTML: people's verdicts, and its means by groups of cases.

use super::metrics::measured;
use crate::{
    components::{Tab, TableFrame, Tabs},
    present::{count, decimal, decimal_interval, duration, percent, percent_interval},
    query::link,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{AggregateMetrics, Error, GroupBy, GroupMetrics, MetricSummary, ResultGroup, RunId, RunReviews};

/// What asks for the metrics that people wrote.
const METRICS: &str = "metrics";
const HEADS: [&str; 5] =
    ["Samples", "Task success, 95% interval", "Reward, 95% interval", "Response quality", "Median latency"];

/// People's verdicts on the run, then what `word` asks for: a kind of groups, or the metrics that people wrote.
pub async fn html(run: RunId, word: &str) -> Result<String, Error> {
    let service = super::service();
    let by = GroupBy::ALL.into_iter().find(|one| one.word() == word);
    let reviews = service.evaluation_reviews(run).await?;
    let path = format!("/evaluations/{run}");
    let shown = match (by, word) {
        (Some(by), _) => table(&path, by, &service.evaluation_breakdown(run, by).await?),
        (None, METRICS) => own_metrics(&service.metric_of_run(run).await?),
        (None, _) => ().into_any(),
    };
    let page = view! {
        {said(&reviews)}
        <Tabs label="What the run is read by" tabs=tabs(&path, word) />
        {shown}
    };
    Ok(page.to_html())
}

fn tabs(path: &str, now: &str) -> Vec<Tab> {
    let groups = GroupBy::ALL.map(|by| (format!("By {}", words(by)), by.word()));
    let (whole, own) = (("Whole run".to_owned(), ""), ("Own metrics".to_owned(), METRICS));
    let tab = |(label, word): (String, &'static str)| {
        let href = link(path, &ParamsMap::new(), &[("by", Some(word.to_owned()))]);
        Tab { label, href, current: word == now }
    };
    std::iter::once(whole).chain(groups).chain([own]).map(tab).collect()
}

/// The metrics that people wrote, over this run.
fn own_metrics(summaries: &[MetricSummary]) -> AnyView {
    if summaries.is_empty() {
        return view! {
            <p class="muted">"No metric of your own yet. " <a href="/evaluations/metrics">"Write one"</a></p>
        }
        .into_any();
    }
    let one = |summary: &MetricSummary| {
        view! {
            <section class="stack">
                <h3><span class="mono">{summary.name.clone()}</span> " " <span class="muted">{summary.description.clone()}</span></h3>
                {measured(summary, true)}
            </section>
        }
        .into_any()
    };
    let all: Vec<AnyView> = summaries.iter().map(one).collect();
    view! { <div class="stack">{all}</div> <p><a href="/evaluations/metrics">"All metrics"</a></p> }.into_any()
}

fn words(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Suite => "suite",
        GroupBy::Split => "split",
        GroupBy::Tag => "tag",
        GroupBy::TaskType => "answer check",
    }
}

/// What people say of the run; nothing when they say nothing.
fn said(reviews: &RunReviews) -> AnyView {
    let mut parts = Vec::new();
    if reviews.judged > 0 {
        let interval = reviews.task_success_interval.map(percent_interval).unwrap_or_default();
        parts.push(format!(
            "People judged {}, {} otherwise than the checks: with their verdicts task success is {} ({interval}, n = {}).",
            count(reviews.judged.into(), "result"),
            reviews.overruled,
            percent(reviews.task_success),
            reviews.n,
        ));
    }
    if reviews.disputed > 0 {
        parts.push(match reviews.disputed {
            1 => "The key of 1 result is disputed.".to_owned(),
            n => format!("The keys of {n} results are disputed."),
        });
    }
    let disputed =
        (reviews.disputed > 0).then(|| view! { <a href="/evaluations/disputed">"All disputed keys"</a> }.into_any());
    let text = parts.join(" ");
    (!text.is_empty()).then(|| view! { <p class="leaderboard-verdict">{text} " " {disputed}</p> }).into_any()
}

fn table(path: &str, by: GroupBy, groups: &[GroupMetrics]) -> AnyView {
    if groups.is_empty() {
        return view! { <p class="muted">"No case has been judged yet."</p> }.into_any();
    }
    let heads = HEADS.map(|head| view! { <th scope="col" class="number">{head}</th> }.into_any());
    let rows: Vec<AnyView> = groups.iter().map(|group| row(path, by, group)).collect();
    view! {
        <TableFrame label="Means by groups of cases" narrow="sticky">
            <thead>
                <tr>
                    <th scope="col">{capital(words(by))}</th>
                    {heads.into_iter().collect_view()}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn row(path: &str, by: GroupBy, group: &GroupMetrics) -> AnyView {
    let GroupMetrics { value, metrics } = group;
    let within = ResultGroup { by, value: value.clone() }.to_string();
    let changes = [("by", Some(by.word().to_owned())), ("within", Some(within))];
    let href = link(path, &ParamsMap::new(), &changes);
    let name = if value.is_empty() { "none".to_owned() } else { value.clone() };
    // Latencies fit an i64.
    let latency = metrics.latency_ms_p50.map_or_else(|| "–".into(), |millis| duration(millis.round() as i64));
    let quality = (metrics.n.response_quality > 0).then_some(metrics.response_quality);
    view! {
        <tr>
            <th scope="row">
                <a href=href data-noscroll="">{name}</a>
            </th>
            <td class="number">{samples(metrics)}</td>
            <td class="number nowrap">{success(metrics)}</td>
            <td class="number nowrap">{reward(metrics)}</td>
            <td class="number">{decimal(quality)}</td>
            <td class="number nowrap">{latency}</td>
        </tr>
    }
    .into_any()
}

fn samples(metrics: &AggregateMetrics) -> String {
    metrics.outcomes.values().sum::<u32>().to_string()
}

fn success(metrics: &AggregateMetrics) -> String {
    let mean = percent((metrics.n.task_success > 0).then_some(metrics.task_success));
    beside(mean, metrics.task_success_interval.map(percent_interval))
}

fn reward(metrics: &AggregateMetrics) -> String {
    let mean = decimal((metrics.n.reward > 0).then_some(metrics.reward));
    beside(mean, metrics.reward_interval.map(decimal_interval))
}

/// A mean with its interval, if it has one.
pub fn beside(mean: String, interval: Option<String>) -> String {
    match interval {
        Some(interval) => format!("{mean}, {interval}"),
        None => mean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_groups_are_escaped_and_lead_to_their_results() {
        let metrics = AggregateMetrics {
            task_success: 0.5,
            n: types::MetricCounts { task_success: 2, ..Default::default() },
            outcomes: [("pass".to_owned(), 1), ("fail".to_owned(), 1)].into(),
            ..AggregateMetrics::default()
        };
        let group = GroupMetrics { value: "<b>&".into(), metrics };
        let html = row("/evaluations/1", GroupBy::Tag, &group).to_html();
        assert!(html.contains("&lt;b&gt;&amp;") && !html.contains("<b>"), "{html}");
        assert!(html.contains("within=tag%3A%3Cb%3E%26"), "{html}");
        assert!(html.contains("50.0%"), "{html}");
    }

    #[test]
    fn what_people_say_is_set_beside_the_checks() {
        let reviews = RunReviews {
            judged: 3,
            overruled: 1,
            disputed: 2,
            n: 20,
            task_success: Some(0.9),
            task_success_interval: Some((0.7, 0.97)),
        };
        let html = said(&reviews).to_html();
        assert!(html.contains("3 results, 1 otherwise than the checks"), "{html}");
        assert!(html.contains("90.0% (70.0% to 97.0%, n = 20)"), "{html}");
        assert!(html.contains("The keys of 2 results are disputed."), "{html}");
        assert_eq!(said(&RunReviews::default()).to_html(), ().to_html());
    }
}
