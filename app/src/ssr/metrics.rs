//! The page of metrics that people write, as HTML: those that there are, and a form with a preview on past samples.

use super::case_editor::parts::{act, area, card, hidden, line, select, slot_id};
use crate::{
    api::forms::FormAnswer,
    components::TableFrame,
    present::{count, decimal, decimal_interval, one_line, percent, percent_interval},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::{MetricLanguage, Service};
use types::{
    Error, FieldError, METRICS_MAX, Metric, MetricBar, MetricCreate, MetricId, MetricKind, MetricSummary, MetricValue,
};

/// The part of the page with the fields of the form.
const FIELDS: &str = "metric-fields";
/// The part with the metrics that there are.
const LIST: &str = "metric-list";
/// The part with what the metric says of past samples.
const PREVIEW: &str = "metric-preview";
/// The name that a metric without one is tried under.
const UNNAMED: &str = "unnamed";
/// Most fields that are read of a form.
const FIELDS_MAX: usize = 20;
/// Height of a histogram, in units of its drawing.
const HEIGHT: f64 = 60.0;
/// Width of a bar.
const BAR: f64 = 24.0;

/// The form as it was typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    id: String,
    name: String,
    description: String,
    kind: String,
    expression: String,
}

impl Typed {
    fn of(metric: &Metric) -> Self {
        Self {
            id: metric.id.to_string(),
            name: metric.name.clone(),
            description: metric.description.clone(),
            kind: if metric.kind == MetricKind::Flag { "flag" } else { "number" }.into(),
            expression: metric.expression.clone(),
        }
    }

    fn draft(&self) -> MetricCreate {
        MetricCreate {
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
            expression: self.expression.trim().to_owned(),
            kind: if self.kind == "flag" { MetricKind::Flag } else { MetricKind::Number },
        }
    }
}

/// The whole page.
pub async fn html() -> Result<String, Error> {
    let metrics = super::service().metric_list().await?;
    let page = view! {
        <div class="stack">
            <div id=LIST>{list(&metrics, None)}</div>
            <div id=FIELDS>{fields(&Typed::default())}</div>
            <div id=PREVIEW aria-live="polite"></div>
            {names()}
        </div>
    };
    Ok(page.to_html())
}

/// Does what is wanted, with the form as it was typed.
pub async fn answer(what: &str, typed: &str) -> Result<FormAnswer, Error> {
    let service = super::service();
    let pairs = form_urlencoded::parse(typed.as_bytes()).take(FIELDS_MAX);
    let typed: serde_json::Map<String, Value> =
        pairs.map(|(name, text)| (name.into_owned(), text.replace("\r\n", "\n").into())).collect();
    let typed: Typed = serde_json::from_value(typed.into())
        .map_err(|error| Error::Invalid(format!("the form cannot be read: {error}")))?;
    let (wanted, rest) = what.split_once(':').unwrap_or((what, ""));
    match wanted {
        "save" => save(&service, &typed).await,
        "edit" => {
            let metric = found(&service, rest).await?;
            let typed = Typed::of(&metric);
            let mut answer = checked(&service, &typed).await?;
            answer.parts.insert(0, (FIELDS.into(), fields(&typed).to_html()));
            Ok(answer)
        }
        "cancel" => Ok(emptied()),
        "delete" => {
            let metric = found(&service, rest).await?;
            service.metric_delete(metric.id).await?;
            Ok(FormAnswer { parts: vec![listed(&service, Some(&metric)).await?], ..FormAnswer::default() })
        }
        "restore" => {
            let deleted: Typed = serde_json::from_str(rest).map_err(|error| Error::Invalid(error.to_string()))?;
            let metric = service.metric_create(deleted.draft()).await?;
            let say = format!("{} is back.", metric.name);
            Ok(FormAnswer { parts: vec![listed(&service, None).await?], say, ..FormAnswer::default() })
        }
        _ => checked(&service, &typed).await,
    }
}

async fn found(service: &Service, id: &str) -> Result<Metric, Error> {
    let missing = || Error::not_found("metric", id);
    let id: MetricId = id.parse().map_err(|_| missing())?;
    service.metric_list().await?.into_iter().find(|metric| metric.id == id).ok_or_else(missing)
}

async fn listed(service: &Service, deleted: Option<&Metric>) -> Result<(String, String), Error> {
    Ok((LIST.to_owned(), list(&service.metric_list().await?, deleted).to_html()))
}

fn emptied() -> FormAnswer {
    let parts = vec![(FIELDS.into(), fields(&Typed::default()).to_html()), (PREVIEW.into(), String::new())];
    FormAnswer { parts, ..FormAnswer::default() }
}

async fn save(service: &Service, typed: &Typed) -> Result<FormAnswer, Error> {
    let saved = match typed.id.parse::<MetricId>() {
        Ok(id) => service.metric_replace(id, typed.draft()).await,
        Err(_) => service.metric_create(typed.draft()).await,
    };
    let metric = match saved {
        Ok(metric) => metric,
        Err(Error::Fields(errors)) => return Ok(FormAnswer { parts: complaints(&errors), ..FormAnswer::default() }),
        Err(error) => return Err(error),
    };
    let mut answer = emptied();
    answer.parts.push(listed(service, None).await?);
    answer.say = format!("{} is saved, and told of every run.", metric.name);
    Ok(answer)
}

/// What is wrong, and what the metric says of past samples when nothing is.
async fn checked(service: &Service, typed: &Typed) -> Result<FormAnswer, Error> {
    let draft = typed.draft();
    let mut errors = service.metric_check(&draft);
    // What nobody has typed yet is not told.
    errors.retain(|error| !(error.field == "name" && draft.name.is_empty()));
    errors.retain(|error| !(error.field == "expression" && draft.expression.is_empty()));
    let mut parts = complaints(&errors);
    let readable = !draft.expression.is_empty() && errors.iter().all(|error| error.field != "expression");
    let preview = if readable {
        let named = MetricCreate { name: UNNAMED.into(), description: String::new(), ..draft };
        preview(&service.metric_preview(named).await?).to_html()
    } else {
        String::new()
    };
    parts.push((PREVIEW.into(), preview));
    Ok(FormAnswer { parts, ..FormAnswer::default() })
}

/// The message of each field, or nothing.
fn complaints(errors: &[FieldError]) -> Vec<(String, String)> {
    let message = |field: &str| {
        let found = errors.iter().find(|error| error.field == field);
        found.map(|error| error.message.clone().to_html()).unwrap_or_default()
    };
    ["name", "description", "expression"].into_iter().map(|field| (slot_id(field), message(field))).collect()
}

fn fields(typed: &Typed) -> AnyView {
    let kinds = [("number", "a number"), ("flag", "true or false")];
    let kinds = kinds.map(|(word, label)| (word.to_owned(), label.to_owned()));
    let kind = if typed.kind.is_empty() { "number" } else { &typed.kind };
    let is_new = typed.id.is_empty();
    let (title, save) = if is_new { ("New metric", "Add metric") } else { ("Change the metric", "Save metric") };
    let body = view! {
        {hidden("id", &typed.id)}
        <div class="form-row">
            {line("name", "Name", &typed.name, "Small letters, digits and _, such as apologies.")}
            {select("kind", "It gives", kind, &kinds, "check")}
            {line("description", "What it says", &typed.description, "For people; may be empty.")}
        </div>
        {area("expression", "Expression", &typed.expression, 3, "Such as calls|length, latency_ms / 1000, or \"sorry\" in reply|lower.")}
        <div class="actions">
            <button class="button" data-kind="primary" name="act" value="save">{save}</button>
            {(!is_new).then(|| act("Cancel", "", "cancel"))}
        </div>
    };
    card(title, "", body.into_any())
}

fn list(metrics: &[Metric], deleted: Option<&Metric>) -> AnyView {
    let undo = deleted.map(|metric| {
        let kept = serde_json::to_string(&Typed { id: String::new(), ..Typed::of(metric) }).unwrap_or_default();
        let label = format!("{} was deleted.", metric.name);
        view! { <p class="run-message" role="status">{label} " " {act("Undo", "", &format!("restore:{kept}"))}</p> }
    });
    if metrics.is_empty() {
        return view! {
            {undo}
            <p class="muted">"No metric yet. Write one below: it is tried on past samples as you type."</p>
        }
        .into_any();
    }
    let rows: Vec<AnyView> = metrics.iter().map(row).collect();
    let full = (metrics.len() >= METRICS_MAX).then(|| format!("There are {METRICS_MAX}, which is the most."));
    view! {
        {undo}
        <TableFrame label="Metrics">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Expression"</th>
                    <th scope="col">"Gives"</th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <p class="muted">{full}</p>
    }
    .into_any()
}

fn row(metric: &Metric) -> AnyView {
    let gives = if metric.kind == MetricKind::Flag { "true or false" } else { "a number" };
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <span class="mono">{metric.name.clone()}</span>
                " "
                <span class="muted">{metric.description.clone()}</span>
            </th>
            <td data-label="Expression" class="mono">{one_line(&metric.expression, 120)}</td>
            <td data-label="Gives">{gives}</td>
            <td class="actions-cell">
                {act("Edit", &format!("Edit {}", metric.name), &format!("edit:{}", metric.id))}
                {act("Delete", &format!("Delete {}", metric.name), &format!("delete:{}", metric.id))}
            </td>
        </tr>
    }
    .into_any()
}

/// What an expression can name.
fn names() -> AnyView {
    let row = |(name, meaning): &(&'static str, &'static str)| {
        view! { <div><dt class="mono">{*name}</dt><dd>{*meaning}</dd></div> }.into_any()
    };
    let rows: Vec<AnyView> = MetricLanguage::NAMES.iter().map(row).collect();
    let body = view! { <dl class="metric-names">{rows}</dl> };
    card("What an expression can name", "The language is that of Jinja's expressions.", body.into_any())
}

fn preview(summary: &MetricSummary) -> AnyView {
    let body = if summary.n + summary.missing == 0 {
        view! { <p class="muted">"There is no sample yet: run an evaluation, and this shows what the metric says of it."</p> }
            .into_any()
    } else {
        measured(summary, false)
    };
    card("On past samples", "The newest ones, at most 200. Nothing is stored.", body)
}

/// Mean, histogram and some of the samples; or only of those that have no value.
pub fn measured(summary: &MetricSummary, only_missing: bool) -> AnyView {
    let told = summary.samples.iter().filter(|sample| !only_missing || sample.value.is_none());
    let rows: Vec<AnyView> = told.map(|sample| sample_row(sample, summary.kind)).collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <TableFrame label=format!("Samples of {}", summary.name)>
                <thead>
                    <tr>
                        <th scope="col">"Question"</th>
                        <th scope="col" class="number">"Value"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        }
    });
    view! {
        <p>{mean_in_words(summary)}</p>
        {histogram(&summary.histogram)}
        {table}
    }
    .into_any()
}

/// "Mean 1.250, 95%: 0.900 to 1.600, n = 40; 2 samples have no value."
pub fn mean_in_words(summary: &MetricSummary) -> String {
    let (mean, interval) = match summary.kind {
        MetricKind::Flag => (percent(summary.mean), summary.interval.map(percent_interval)),
        MetricKind::Number => (decimal(summary.mean), summary.interval.map(decimal_interval)),
    };
    let interval = interval.map(|interval| format!(", 95%: {interval}")).unwrap_or_default();
    let missing = match summary.missing {
        0 => String::new(),
        1 => "; 1 sample has no value".into(),
        n => format!("; {n} samples have no value"),
    };
    let share = if summary.kind == MetricKind::Flag { "True in" } else { "Mean" };
    format!("{share} {mean}{interval}, n\u{a0}=\u{a0}{}{missing}.", summary.n)
}

fn sample_row(sample: &MetricValue, kind: MetricKind) -> AnyView {
    let value = match (sample.value, kind) {
        (Some(value), MetricKind::Flag) => if value > 0.5 { "true" } else { "false" }.to_owned(),
        (Some(value), MetricKind::Number) => decimal(Some(value)),
        (None, _) => sample.reason.clone().unwrap_or_default(),
    };
    let class = if sample.value.is_some() { "number" } else { "number muted" };
    view! {
        <tr>
            <th scope="row" data-label="Question">{one_line(&sample.user_input, 80)}</th>
            <td data-label="Value" class=class>{value}</td>
        </tr>
    }
    .into_any()
}

/// Bars from the least value to the greatest, said in words for those who do not see them.
fn histogram(bars: &[MetricBar]) -> Option<AnyView> {
    let most = bars.iter().map(|bar| bar.count).max().filter(|most| *most > 0 && bars.len() > 1)?;
    let (first, last) = (bars.first()?, bars.last()?);
    let drawn = (0_u32..).zip(bars).map(|(place, bar)| {
        let height = HEIGHT * f64::from(bar.count) / f64::from(most);
        let (x, y) = (f64::from(place) * BAR, HEIGHT - height);
        view! { <rect x=x.to_string() y=y.to_string() width=(BAR - 2.0).to_string() height=height.to_string()></rect> }
            .into_any()
    });
    let drawn: Vec<AnyView> = drawn.collect();
    let said: Vec<String> = bars
        .iter()
        .map(|bar| {
            let range = format!("{} to {}", decimal(Some(bar.from)), decimal(Some(bar.to)));
            format!("{range}: {}", count(bar.count.into(), "sample"))
        })
        .collect();
    let width = BAR * f64::from(u32::try_from(bars.len()).unwrap_or(1));
    view! {
        <figure class="metric-bars">
            <svg role="img" aria-label=said.join("; ") viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none">{drawn}</svg>
            <figcaption class="muted">{format!("{} to {}", decimal(Some(first.from)), decimal(Some(last.to)))}</figcaption>
        </figure>
    }
    .into_any()
    .into()
}

#[cfg(test)]
mod tests;
