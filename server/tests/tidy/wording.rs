//! What a reader meets: headers, names, unfinished work, settings.

use crate::{expect_none, files, root};
use std::{collections::BTreeSet, fs, path::Path};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["mod", "util", "utils", "helper", "helpers", "manager", "common", "misc"];

/// Marks of unfinished or switched-off work, each split so that this list does not find itself.
fn unfinished() -> Vec<String> {
    [
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X:"),
        ("to", "do!("),
        ("unimple", "mented!("),
        ("db", "g!("),
        ("#[ign", "ore"),
        ("should_", "panic"),
    ]
    .iter()
    .map(|(a, b)| format!("{a}{b}"))
    .collect()
}

#[test]
fn every_rust_file_begins_with_what_it_is() {
    let complaints: Vec<String> = files(&[".rs"])
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| format!("{}: begins without `//! …`", file.path))
        .collect();
    expect_none("every file says what it is for:", &complaints);
}

#[test]
fn files_are_named_for_what_is_inside() {
    let complaints: Vec<String> = files(&[".rs", ".mjs", ".sh", ".css"])
        .iter()
        .filter(|file| {
            let stem = Path::new(&file.path).file_stem().unwrap().to_string_lossy().into_owned();
            EMPTY_NAMES.contains(&stem.as_str())
        })
        .map(|file| format!("{}: `foo.rs` + `foo/`, named for its content", file.path))
        .collect();
    expect_none("names:", &complaints);
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    let marks = unfinished();
    let mut complaints = Vec::new();
    for file in files(&[".rs", ".mjs", ".sh", ".css", ".sql", "Makefile"]) {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                complaints.push(format!("{}:{}: {mark}", file.path, number + 1));
            }
        }
    }
    expect_none("finish it or delete it:", &complaints);
}

#[test]
fn tests_wait_for_what_happens_and_never_sleep() {
    let sleeps = ["thread::", "time::"].map(|module| format!("{module}sleep"));
    let mut complaints = Vec::new();
    for file in files(&[".rs"]).iter().filter(|file| !file.path.starts_with("xtask/")) {
        let tests = if crate::is_test(&file.path) {
            0
        } else {
            file.text.find("#[cfg(test)]\nmod ").unwrap_or(file.text.len())
        };
        if sleeps.iter().any(|sleep| file.text[tests..].contains(sleep)) {
            complaints.push(format!("{}: a test sleeps", file.path));
        }
    }
    expect_none("a sleeping test is slow or flaky:", &complaints);
}

#[test]
fn the_sample_of_settings_lists_every_setting_and_no_other() {
    let declared: BTreeSet<&str> = server::config::SETTINGS.iter().map(|setting| setting.name).collect();
    let sample = fs::read_to_string(root().join(".env.sample")).unwrap();
    let listed: BTreeSet<&str> = sample
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || "_<>".contains(c)))
        .collect();
    assert_eq!(listed, declared, ".env.sample and server/src/config.rs disagree");
}

#[test]
fn every_command_of_the_makefile_is_described() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let phony = makefile.lines().find_map(|line| line.strip_prefix(".PHONY: ")).unwrap();
    let complaints: Vec<String> = phony
        .split_whitespace()
        .filter(|name| !makefile.lines().any(|line| line.starts_with(&format!("{name}:")) && line.contains("## ")))
        .map(|name| format!("`make {name}` has no `## description`"))
        .collect();
    expect_none("Makefile:", &complaints);
}

/// Targets of Markdown links that are files of ours.
fn linked_files(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default().to_owned())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    let mut complaints = Vec::new();
    for file in files(&[".md"]) {
        let folder = root().join(&file.path).parent().unwrap().to_path_buf();
        let lost = linked_files(&file.text).into_iter().filter(|target| !folder.join(target).exists());
        complaints.extend(lost.map(|target| format!("{}: {target} does not exist", file.path)));
    }
    expect_none("links:", &complaints);
}
