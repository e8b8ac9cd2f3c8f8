//! What a ranking says, in sentences.

use types::{CaseMatch, LeaderboardQuery, LeaderboardRow};

/// `85.3%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `1 case`, `20 cases`.
fn count(n: usize, singular: &str) -> String {
    if n == 1 { format!("1 {singular}") } else { format!("{n} {singular}s") }
}

/// Who leads, and whether the others can be told from it. The rows are in the order of their ranks.
pub fn verdict(rows: &[LeaderboardRow], cases: usize, test: &str) -> String {
    let Some((leader, others)) = rows.split_first() else {
        return "No agent can be ranked yet: a completed evaluation over the active test cases is needed.".into();
    };
    let passed = if leader.categories.is_empty() { "passed" } else { "as the mean of its categories" };
    let on = count(cases, "test case");
    let lead = format!("{} leads with {} {passed} on {on}", leader.agent_name, percent(leader.task_success));
    if others.is_empty() {
        return format!("{lead}. Evaluate a second agent on the same cases to compare.");
    }
    let level: Vec<&str> = others.iter().filter(|row| row.in_top_tier).map(|row| row.agent_name.as_str()).collect();
    match level.len() {
        0 => format!("{lead}, distinguishably ahead of every other agent ({test}, 5%)."),
        1 => format!("{lead}, but {} cannot be told from it on these cases: more cases would decide.", level.concat()),
        n => format!("{lead}, but {n} other agents cannot be told from it on these cases: more cases would decide."),
    }
}

/// What else is to be known.
pub fn notes(rows: &[LeaderboardRow], query: &LeaderboardQuery, baseline: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    let is_ranked = rows.iter().any(|row| Some(row.agent_id) == query.baseline);
    if let Some(name) = baseline.filter(|_| !is_ranked) {
        notes.push(format!("{name} is not in this ranking, so no difference to it can be told."));
    }
    let categories = rows.first().map(|row| row.categories.as_slice()).unwrap_or_default();
    let part = |(name, weight): (&str, f64)| {
        let name = if name.is_empty() { "cases without one" } else { name };
        format!("{name} {weight}")
    };
    let parts: Vec<String> =
        categories.iter().map(|category| part((category.name.as_str(), category.weight))).collect();
    if !parts.is_empty() {
        let told = "The score is the weighted mean of the categories, its interval put together of theirs \
                    (Zou, Huang and Zhang 2009)";
        notes.push(format!("{told}. Weights: {}.", parts.join(", ")));
    }
    if query.cases == CaseMatch::Shared && !rows.is_empty() {
        notes.push(
            "Each agent's means are over the cases that all of them have in common, not over its whole run.".into(),
        );
    }
    notes
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use types::{AgentId, RunId, Timestamp};

    pub fn row(name: &str, task_success: f64, in_top_tier: bool) -> LeaderboardRow {
        LeaderboardRow {
            agent_id: AgentId(uuid::Uuid::nil()),
            agent_name: name.into(),
            agent_type: "local".into(),
            run_id: RunId(uuid::Uuid::nil()),
            n: 20,
            task_success,
            interval: (0.0, 1.0),
            rank_range: (1, 1),
            reward: None,
            tool_usage_efficiency: None,
            response_quality: None,
            latency_ms_p50: None,
            p_against_leader: None,
            in_top_tier,
            evaluated_at: Timestamp::default(),
            latency_ms_p95: None,
            cost_usd: None,
            input_tokens: None,
            output_tokens: None,
            repeats: 1,
            pass_at_k: Vec::new(),
            pass_hat_k: Vec::new(),
            baseline: None,
            categories: Vec::new(),
        }
    }

    #[test]
    fn the_verdict_never_hides_a_tie() {
        let clear = verdict(&[row("A", 0.9, true), row("B", 0.1, false)], 20, "exact McNemar test");
        assert!(clear.starts_with("A leads with 90.0% passed on 20 test cases, distinguishably ahead"), "{clear}");
        let tie = verdict(&[row("A", 0.9, true), row("B", 0.85, true)], 20, "exact McNemar test");
        assert!(tie.contains("but B cannot be told from it"), "{tie}");
        assert!(verdict(&[row("A", 0.9, true)], 1, "").contains("on 1 test case. Evaluate a second agent"));
    }
}
