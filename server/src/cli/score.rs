//! `rl-chatbot score`: judges recorded calls by the cases of a benchmark, one line of JSON each.

use super::{Outcome, terminal};
use clap::{Args, builder::PossibleValuesParser};
use serde_json::json;
use service::bfcl;
use std::{
    collections::HashMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// What to judge by what.
#[derive(Args)]
pub struct Arguments {
    /// How calls are compared: by our rules, or as the leaderboard's own checker does it.
    #[arg(long, default_value = "default", value_parser = PossibleValuesParser::new(bfcl::modes()))]
    mode: String,
    /// The questions of the Berkeley Function-Calling Leaderboard, JSON Lines.
    #[arg(long, value_name = "QUESTIONS")]
    cases: PathBuf,
    /// The possible answers; absent where no call is right (irrelevance).
    #[arg(long, value_name = "POSSIBLE_ANSWERS")]
    answers: Option<PathBuf>,
    /// The recorded calls: `{"case": id, "calls": [{name: {arguments}}], "mutation": name or absent}` a line.
    #[arg(long, value_name = "CALLS")]
    calls: PathBuf,
}

/// Judges every line; those that cannot be judged are told on standard error, and fail the command at its end.
pub fn run(arguments: &Arguments) -> Outcome {
    let judge = bfcl::mode(&arguments.mode).ok_or_else(|| format!("there is no mode `{}`", arguments.mode))?;
    let answers = arguments.answers.as_deref().map(bytes_of).transpose()?.unwrap_or_default();
    let (questions, calls) = (bytes_of(&arguments.cases)?, bytes_of(&arguments.calls)?);
    let read = bfcl::read_cases(text_of("questions", &questions)?, text_of("answers", &answers)?);
    let mut failures = read.problems.len();
    read.problems.iter().for_each(|problem| terminal::complain(&problem.to_string()));
    let cases: HashMap<&str, &bfcl::Case> = read.rows.iter().map(|case| (case.id.as_str(), case)).collect();
    for recorded in bfcl::read_calls(text_of("calls", &calls)?) {
        let judged = recorded.map_err(|problem| problem.to_string()).and_then(|recorded| {
            let case = cases.get(recorded.case.as_str());
            let case =
                case.ok_or_else(|| format!("calls, line {}: there is no case `{}`", recorded.line, recorded.case))?;
            Ok((judge(case, &recorded.calls), recorded))
        });
        match judged {
            Ok((judged, recorded)) => terminal::say(
                &json!({
                    "case": recorded.case, "mutation": recorded.mutation, "valid": judged.valid, "reason": judged.reason,
                })
                .to_string(),
            ),
            Err(message) => {
                failures += 1;
                terminal::complain(&message);
            }
        }
    }
    if failures == 0 { Ok(()) } else { Err(format!("{failures} lines could not be used")) }
}

fn text_of<'a>(file: &'static str, bytes: &'a [u8]) -> Result<&'a str, String> {
    bfcl::text_of(file, bytes).map_err(|problem| problem.to_string())
}

/// The file, at most one byte more than can be used, which is refused then.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let mut bytes = Vec::new();
    let most = types::CASE_FILE_BYTES_MAX as u64 + 1;
    File::open(path).map_err(unread)?.take(most).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}
