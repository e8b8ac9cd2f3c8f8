//! Trains on the sample suite and prints the curve: `cargo run --release -p rl --example train_samples -- --seed 7
//! --episodes 30 --save checkpoint.safetensors`. With `--seeds N` it trains with seeds 1 to N instead and prints the
//! held-out reward before and after with a 95% t interval.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use agents::{
    Turn,
    frameworks::local::{Play, play},
};
use rl::{Progress, TrainingJob, TrainingOutcome, train};
use std::time::Instant;
use tokio_util::sync::CancellationToken;
use types::{EventKind, RewardWeights, Split, TestCaseCreate};

fn main() {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = options.iter().position(|option| option == name)?;
        options.get(at + 1).cloned()
    };
    let number = |name: &str, default: u64| option(name).map_or(default, |text| text.parse().unwrap());
    let episodes = u32::try_from(number("--episodes", 30)).unwrap();
    let parameters: serde_json::Map<_, _> =
        option("--parameters").map_or_else(Default::default, |json| serde_json::from_str(&json).unwrap());
    let algorithm = option("--algorithm").unwrap_or_else(|| "reinforce".into());
    let fold = option("--fold").map(|text| text.parse().unwrap());
    let job = |seed: u64| {
        let mut job = job(episodes, seed, &algorithm, parameters.clone());
        if let Some(fold) = fold {
            cross_validate(&mut job.cases, fold);
        }
        job
    };
    let run = |seed: u64, verbose: bool| learn(job(seed), verbose);
    if option("--seeds").is_some() {
        let runs: Vec<_> = (1..=number("--seeds", 5)).map(|seed| run(seed, false)).collect();
        let before: Vec<_> = runs.iter().map(|run| run.held_out_before.unwrap()).collect();
        let after: Vec<_> = runs.iter().map(|run| run.held_out_after.unwrap()).collect();
        let gains: Vec<_> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
        for (name, values) in [("before", before), ("after", after), ("gain", gains)] {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            println!("{name}: {values:.4?} mean {mean:.4} {:?}", evaluation::statistics::mean_interval(&values, 0.95));
        }
        return;
    }
    let outcome = run(number("--seed", 7), true);
    println!("held out: {:?} before, {:?} after", outcome.held_out_before, outcome.held_out_after);
    if options.iter().any(|option| option == "--failures") {
        print_failures(&job(0), &outcome.policy);
    }
    if let Some(path) = option("--save") {
        std::fs::write(path, outcome.policy).unwrap();
    }
}

fn job(
    episodes: u32,
    seed: u64,
    algorithm: &str,
    parameters: serde_json::Map<String, serde_json::Value>,
) -> TrainingJob {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/cases.json");
    TrainingJob {
        episodes,
        seed,
        algorithm: algorithm.to_owned(),
        parameters,
        reward_weights: RewardWeights::default(),
        cases: serde_json::from_str(&std::fs::read_to_string(cases).unwrap()).unwrap(),
        tools: tools::built_in(tools::SearchIndex::bundled().unwrap()).restricted_to(&policy::TOOLS).unwrap(),
        policy: policy::ActionPolicy::untrained(seed).save(),
        resume: None,
    }
}

/// Every fifth training case, from `fold`, becomes a case of split `dev` too; the test split is not looked at. For judging
/// changes to the network without looking at held-out cases.
fn cross_validate(cases: &mut Vec<TestCaseCreate>, fold: usize) {
    cases.retain(|case| case.split != Some(Split::Test));
    for (index, case) in cases.iter_mut().enumerate() {
        if index % 5 == fold {
            case.split = Some(Split::Dev);
        }
    }
}

fn print_failures(job: &TrainingJob, policy: &[u8]) {
    let policy = policy::ActionPolicy::load(policy).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let cases: Vec<_> = job.cases.iter().filter(|case| case.split == Some(Split::Dev)).collect();
    // Failures by what is wrong first: the tools called, their arguments, the reply.
    let mut failed = [0; 3];
    for case in &cases {
        let (events, _) = tokio::sync::mpsc::unbounded_channel();
        let turn = Turn {
            history: vec![],
            user_input: case.user_input.clone(),
            limits: types::TurnLimits::default(),
            seed: 0,
            tools: None,
        };
        let how = Play { policy: &policy, tools: &job.tools, selection: policy::Selection::Greedy, record: None };
        let transcript = runtime.block_on(play(how, &turn, &events, &CancellationToken::new()));
        let score = evaluation::score(case, &transcript, &job.reward_weights);
        if score.task_success != Some(1.0) {
            let silent = TestCaseCreate { expected_output: None, ..(*case).clone() };
            let calls_right = evaluation::score(&silent, &transcript, &job.reward_weights).task_success == Some(1.0);
            let tools_right = score.tool_usage_efficiency == Some(1.0);
            failed[if !tools_right {
                0
            } else if !calls_right {
                1
            } else {
                2
            }] += 1;
            let calls = transcript.calls.iter().map(|call| format!("{} {:?}", call.tool_name, call.arguments));
            let reply: String = transcript.reply.chars().take(60).collect();
            println!("{:?}: {:?} {reply:?}", case.user_input, calls.collect::<Vec<_>>());
        }
    }
    let [tool, argument, reply] = failed;
    println!("of {} cases of split dev failed by tool {tool}, by argument {argument}, by reply {reply}", cases.len());
}

fn learn(job: TrainingJob, verbose: bool) -> TrainingOutcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let started = Instant::now();
    let mut emit = |progress: Progress| {
        match progress {
            Progress::Kind(EventKind::Series { step, values }) if verbose => {
                println!("{step:3} {:6.1} s", started.elapsed().as_secs_f64());
                for (name, value) in values {
                    println!("      {name} {value:.4}");
                }
            }
            Progress::Kind(EventKind::Alert { message } | EventKind::Message { message }) => println!("{message}"),
            Progress::Checkpoint { episode, best: true, .. } if verbose => println!("best so far after {episode}"),
            _ => {}
        }
        Ok(())
    };
    let outcome = train(&job, runtime.handle(), &mut emit, &CancellationToken::new()).unwrap();
    println!("{:.1} s", started.elapsed().as_secs_f64());
    outcome
}
