//! `rl-chatbot import` and `rl-chatbot export`: test cases from a file and into one.

use super::{Outcome, cases, finish, start, terminal, terminal::explained};
use crate::config::Config;
use clap::Args;
use service::{ImportWatch, Service};
use std::path::PathBuf;
use types::{ImportOptions, ImportReport, ImportRows};

/// What to import, and how.
#[derive(Args)]
pub struct Import {
    /// The file.
    file: PathBuf,
    /// The possible answers to the questions of the Berkeley Function-Calling Leaderboard, where the file is one of these.
    #[arg(long, value_name = "POSSIBLE_ANSWERS")]
    answers: Option<PathBuf>,
    /// Its format (json, jsonl, yaml, csv, tsv, bfcl, gsm8k, openai_evals, promptfoo, promptfoo_csv); recognised when absent.
    #[arg(long)]
    format: Option<String>,
    /// Which field a column of the file is: --column Question=user_input. Nothing after `=` passes the column over.
    #[arg(long = "column", value_name = "COLUMN=FIELD")]
    columns: Vec<String>,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Import the rows that are right although others are refused.
    #[arg(long)]
    valid_rows: bool,
}

/// What to export.
#[derive(Args)]
pub struct Export {
    /// Format of the file: json, jsonl, yaml, csv or tsv.
    #[arg(long, default_value = "json")]
    format: String,
    /// Where it goes; standard output when absent.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Imports, and tells the counts and every refused row.
pub async fn import(config: Config, arguments: Import) -> Outcome {
    let service = start(&config).await?;
    let outcome = import_with(&service, arguments).await;
    finish(service, outcome).await
}

async fn import_with(service: &Service, arguments: Import) -> Outcome {
    let mut file = cases::read(&arguments.file)?;
    if let Some(answers) = &arguments.answers {
        file.push(b'\n');
        file.extend(cases::read(answers)?);
    }
    let options = ImportOptions {
        format: arguments.format,
        columns: arguments.columns.iter().map(|column| pair(column)).collect::<Result<_, _>>()?,
    };
    let rows = if arguments.valid_rows { ImportRows::Valid } else { ImportRows::All };
    let watch = ImportWatch::default();
    let report = if arguments.dry_run {
        cases::told_while(&watch, service.case_import_preview(file, options, &watch)).await
    } else {
        let imported = cases::told_while(&watch, service.case_import(file, options, rows, &watch)).await;
        imported.map(|imported| imported.report)
    };
    let report = report.map_err(|error| explained(&error))?;
    present(&report, arguments.dry_run);
    if rows == ImportRows::All && report.refused > 0 {
        let done = if arguments.dry_run { "would be" } else { "was" };
        return Err(format!("nothing {done} imported; --valid-rows imports the rows that are right"));
    }
    Ok(())
}

fn pair(column: &str) -> Result<(String, String), String> {
    let (column, field) =
        column.split_once('=').ok_or_else(|| format!("`{column}` is not COLUMN=FIELD, as Question=user_input"))?;
    Ok((column.to_owned(), field.to_owned()))
}

fn present(report: &ImportReport, dry_run: bool) {
    for error in &report.errors {
        terminal::note(&cases::told(error));
    }
    for warning in &report.warnings {
        terminal::note(&format!("warning: {}", cases::told(warning)));
    }
    for column in report.columns.iter().filter(|column| column.field.is_none()) {
        let suggestion = column.suggestion.as_ref();
        let hint = suggestion.map_or(String::new(), |field| format!("; is it --column '{}={field}'?", column.name));
        terminal::note(&format!("the column `{}` is passed over{hint}", column.name));
    }
    let ImportReport { format, created, updated, unchanged, repeated, refused, warned, .. } = report;
    let warnings = if *warned == 0 { String::new() } else { format!(", {warned} with warnings") };
    let would = if dry_run { " (nothing is written)" } else { "" };
    terminal::say(&format!(
        "{format}: {created} created, {updated} updated, {unchanged} unchanged, {repeated} repeated, {refused} refused{warnings}{would}"
    ));
}

/// Writes all active cases.
pub async fn export(config: Config, arguments: Export) -> Outcome {
    let service = start(&config).await?;
    let outcome = export_with(&service, &arguments).await;
    finish(service, outcome).await
}

async fn export_with(service: &Service, arguments: &Export) -> Outcome {
    let content = service.case_export_as(&arguments.format).await.map_err(|error| explained(&error))?;
    match &arguments.output {
        Some(file) => {
            std::fs::write(file, content).map_err(|error| format!("{} cannot be written: {error}", file.display()))
        }
        None => {
            terminal::say(content.trim_end());
            Ok(())
        }
    }
}
