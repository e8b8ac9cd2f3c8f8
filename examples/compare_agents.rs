//! Compares agents on test cases: `cargo run --release --example compare_agents -- [file of cases]`.
//! Every framework that the factory knows can stand in the list; these two need no key and no network.
#![allow(clippy::print_stdout, reason = "the table is what was asked for")]

use agents::{AgentFactory, Dependencies};
use evaluation::{NoModel, RankEntry, Sample, Settings, Verdict, aggregate, rank, run};
use futures::StreamExt;
use std::{error::Error, fs::File, io::BufReader, sync::Arc};
use tokio_util::sync::CancellationToken;
use types::{AgentCreate, TestCaseCreate, TestCaseId};
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "samples/cases.json".into());
    let cases: Vec<TestCaseCreate> = serde_json::from_reader(BufReader::new(File::open(path)?))?;
    let factory = AgentFactory::new(Dependencies::offline()?);
    let (mut names, mut entries) = (Vec::new(), Vec::new());
    for model in ["untrained", "builtin"] {
        let draft =
            AgentCreate { agent_type: "local".into(), model: model.into(), temperature: 0.0, ..AgentCreate::default() };
        let samples = (0..).zip(cases.clone()).map(|(position, case)| Sample { position, case }).collect();
        let judged = run(
            factory.create(&draft)?.agent,
            samples,
            Settings::default(),
            Arc::new(NoModel),
            CancellationToken::new(),
        );
        let judged: Vec<Verdict> = judged.collect().await;
        let metrics = aggregate(&judged.iter().map(Verdict::counted).collect::<Vec<_>>());
        let case_id = |verdict: &Verdict| TestCaseId(Uuid::from_u128(verdict.position.unsigned_abs().into()));
        let passed = |verdict: &Verdict| Some((case_id(verdict), verdict.assessment.score.task_success? >= 1.0));
        names.push(model);
        entries.push(RankEntry {
            score: metrics.task_success,
            interval: metrics.task_success_interval.unwrap_or((0.0, 1.0)),
            tie_break: metrics.reward,
            passed: judged.iter().filter_map(passed).collect(),
        });
    }
    for (row, entry) in rank(&entries).into_iter().map(|row| (row.clone(), &entries[row.entry])) {
        let (low, high) = entry.interval;
        println!("{:10} {:.3} ({low:.3} to {high:.3}), p {:?}", names[row.entry], entry.score, row.p_against_leader);
    }
    Ok(())
}
