//! A ranking as a file.

use super::words::percent;
use crate::{Result, Service};
use serde::Deserialize;
use serde_json::{Value, json};
use types::{Error, Leaderboard, LeaderboardQuery, LeaderboardRow};

/// What a ranking is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardFormat {
    /// Comma-separated values; no text of it is a formula.
    Csv,
    /// The answer of the interface.
    Json,
    /// A table for a document.
    Markdown,
}

impl Service {
    /// The ranking as a file.
    ///
    /// # Errors
    /// As [`Service::leaderboard`].
    pub async fn leaderboard_export(&self, query: &LeaderboardQuery, format: BoardFormat) -> Result<String> {
        let board = self.leaderboard(query).await?;
        match format {
            BoardFormat::Csv => csv(&board),
            BoardFormat::Json => serde_json::to_string_pretty(&board)
                .map_err(|why| Error::Internal(format!("the leaderboard could not be written: {why}"))),
            BoardFormat::Markdown => Ok(markdown(&board)),
        }
    }
}

/// A column of the CSV file: its name and its value.
type Column = (&'static str, fn(&LeaderboardRow) -> Value);

const COLUMNS: [Column; 26] = [
    ("agent", |row| json!(row.agent_name)),
    ("agent_type", |row| json!(row.agent_type)),
    ("rank_best", |row| json!(row.rank_range.0)),
    ("rank_worst", |row| json!(row.rank_range.1)),
    ("task_success", |row| json!(row.task_success)),
    ("task_success_low", |row| json!(row.interval.0)),
    ("task_success_high", |row| json!(row.interval.1)),
    ("n", |row| json!(row.n)),
    ("p_against_leader", |row| json!(row.p_against_leader)),
    ("in_top_tier", |row| json!(row.in_top_tier)),
    ("baseline_difference", |row| json!(row.baseline.map(|delta| delta.difference))),
    ("baseline_low", |row| json!(row.baseline.and_then(|delta| delta.interval).map(|(low, _)| low))),
    ("baseline_high", |row| json!(row.baseline.and_then(|delta| delta.interval).map(|(_, high)| high))),
    ("baseline_p", |row| json!(row.baseline.map(|delta| delta.p))),
    ("reward", |row| json!(row.reward)),
    ("tool_usage_efficiency", |row| json!(row.tool_usage_efficiency)),
    ("response_quality", |row| json!(row.response_quality)),
    ("latency_ms_p50", |row| json!(row.latency_ms_p50)),
    ("latency_ms_p95", |row| json!(row.latency_ms_p95)),
    ("cost_usd", |row| json!(row.cost_usd)),
    ("input_tokens", |row| json!(row.input_tokens)),
    ("output_tokens", |row| json!(row.output_tokens)),
    ("repeats", |row| json!(row.repeats)),
    ("evaluated_at", |row| json!(row.evaluated_at)),
    ("agent_id", |row| json!(row.agent_id)),
    ("run_id", |row| json!(row.run_id)),
];

fn csv(board: &Leaderboard) -> Result<String> {
    let categories = board.rows.first().map(|row| row.categories.as_slice()).unwrap_or_default();
    let repeats = board.rows.iter().map(|row| row.pass_at_k.len().max(row.pass_hat_k.len())).max().unwrap_or(0);
    let mut header: Vec<String> = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    header.extend((1..=repeats).map(|k| format!("pass_at_{k}")));
    header.extend((1..=repeats).map(|k| format!("pass_hat_{k}")));
    header.extend(categories.iter().flat_map(|one| [format!("category {}", one.name), format!("n {}", one.name)]));
    header.push("not_ranked_because".to_owned());
    let mut rows: Vec<Vec<Value>> = board.rows.iter().map(|row| ranked(row, repeats)).collect();
    for row in &board.unranked {
        let known = |column: &str| match column {
            "agent" => json!(row.agent_name),
            "agent_type" => json!(row.agent_type),
            "agent_id" => json!(row.agent_id),
            "run_id" => json!(row.run_id),
            "not_ranked_because" => json!(row.reason),
            _ => Value::Null,
        };
        rows.push(header.iter().map(|column| known(column)).collect());
    }
    formats::sheet(&header, &rows)
}

fn ranked(row: &LeaderboardRow, repeats: usize) -> Vec<Value> {
    let mut cells: Vec<Value> = COLUMNS.iter().map(|(_, value)| value(row)).collect();
    for chances in [&row.pass_at_k, &row.pass_hat_k] {
        cells.extend((0..repeats).map(|place| json!(chances.get(place))));
    }
    cells.extend(row.categories.iter().flat_map(|one| [json!(one.task_success), json!(one.n)]));
    cells.push(Value::Null);
    cells
}

fn markdown(board: &Leaderboard) -> String {
    let with_baseline = board.rows.iter().any(|row| row.baseline.is_some());
    let with_cost = board.rows.iter().any(|row| row.cost_usd.is_some());
    let categories = board.rows.first().map(|row| row.categories.as_slice()).unwrap_or_default();
    let mut header = vec!["Rank", "Agent", "Task success (95%)", "Cases", "Against the leader"];
    header.extend(with_baseline.then_some("Against the baseline (95%)"));
    header.extend(["Reward", "Latency"]);
    header.extend(with_cost.then_some("Cost"));
    header.extend(categories.iter().map(|one| if one.name.is_empty() { "no category" } else { one.name.as_str() }));
    let mut text = format!("{}\n\n{}{}\n", plain(&board.verdict), line(&header), "|---".repeat(header.len()) + "|");
    for row in &board.rows {
        let mut cells = vec![rank(row.rank_range), plain(&row.agent_name), share(row.task_success, Some(row.interval))];
        cells.extend([row.n.to_string(), row.p_against_leader.map_or_else(|| "leader".into(), p_value)]);
        cells.extend(with_baseline.then(|| {
            row.baseline.map_or_else(
                || "baseline".into(),
                |delta| format!("{}, {}", share(delta.difference, delta.interval), p_value(delta.p)),
            )
        }));
        cells.extend([decimal(row.reward), row.latency_ms_p50.map_or_else(dash, |ms| format!("{ms:.0} ms"))]);
        cells.extend(with_cost.then(|| row.cost_usd.map_or_else(dash, |cost| format!("${cost:.6}"))));
        cells.extend(row.categories.iter().map(|one| one.task_success.map_or_else(dash, percent)));
        text += &line(&cells);
    }
    let others = board.unranked.iter().map(|row| format!("- {}: not ranked, {}\n", plain(&row.agent_name), row.reason));
    let notes = board.notes.iter().map(|note| format!("- {}\n", plain(note)));
    format!("{text}\n{}{}", others.collect::<String>(), notes.collect::<String>())
}

/// What people wrote, so that it is no HTML.
fn plain(written: &str) -> String {
    written.replace('<', "&lt;")
}

/// A line of a table; what would end a cell is escaped.
fn line(cells: &[impl AsRef<str>]) -> String {
    let cell = |cell: &str| cell.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
    cells.iter().map(|text| format!("| {} ", cell(text.as_ref()))).collect::<String>() + "|\n"
}

fn rank((best, worst): (u32, u32)) -> String {
    if best == worst { best.to_string() } else { format!("{best}–{worst}") }
}

fn share(value: f64, interval: Option<(f64, f64)>) -> String {
    let bounds = interval.map(|(low, high)| format!(" ({} to {})", percent(low), percent(high)));
    percent(value) + &bounds.unwrap_or_default()
}

fn decimal(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| format!("{value:.3}"))
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".into() } else { format!("p = {p:.3}") }
}

fn dash() -> String {
    "–".into()
}

#[cfg(test)]
mod tests {
    use super::{super::words::tests::row, *};
    use types::{BaselineDelta, SharedCases};

    fn board() -> Leaderboard {
        let mut second = row("=cmd|calc", 0.5, false);
        second.baseline = Some(BaselineDelta { n: 20, difference: -0.25, interval: Some((-0.5, 0.0)), p: 0.0625 });
        second.p_against_leader = Some(0.0625);
        Leaderboard {
            rows: vec![row("A", 0.75, true), second],
            unranked: Vec::new(),
            num_test_cases: 20,
            verdict: "A leads.".into(),
            notes: Vec::new(),
            paired_test: "exact McNemar test".into(),
            baseline: None,
            shared: SharedCases::default(),
        }
    }

    #[test]
    fn a_table_for_a_spreadsheet_has_no_formula() {
        let file = csv(&board()).unwrap();
        let lines: Vec<&str> = file.lines().collect();
        assert!(lines[0].starts_with("agent,agent_type,rank_best,rank_worst,task_success,"), "{}", lines[0]);
        assert!(lines[1].starts_with("A,local,1,1,0.75,0.0,1.0,20,,true,,,,,"), "{}", lines[1]);
        assert!(
            lines[2].starts_with("'=cmd|calc,local,1,1,0.5,0.0,1.0,20,0.0625,false,-0.25,-0.5,0.0,0.0625,"),
            "{}",
            lines[2]
        );
        let cells = |line: &str| line.split(',').count();
        assert_eq!((cells(lines[1]), cells(lines[2])), (cells(lines[0]), cells(lines[0])));
    }

    #[test]
    fn a_table_for_a_document_keeps_its_cells() {
        let text = markdown(&board());
        assert!(text.starts_with("A leads.\n\n| Rank | Agent | Task success (95%) |"), "{text}");
        assert!(
            text.contains(
                "| 1 | =cmd\\|calc | 50.0% (0.0% to 100.0%) | 20 | p = 0.062 | -25.0% (-50.0% to 0.0%), p = 0.062 |"
            ),
            "{text}"
        );
    }
}
