//! What a hostile file takes in memory, in a process of its own: `/proc` tells a process its largest size.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use types::{CASE_FILE_BYTES_MAX as MAX, ImportOptions};

/// Most that the process may have, in mebibytes: the file, 50,000 rows or 2,000,000 values, what the allocator keeps.
const MOST: u64 = 200;

/// A file as large as one may be.
fn repeated(head: &str, part: &str, tail: &str) -> String {
    let times = (MAX - head.len() - tail.len()) / part.len();
    [head, &part.repeat(times), tail].concat()
}

fn hostile(name: &str) -> String {
    let arguments = format!(
        r#"{{"user_input":"a","expected_calls":[{{"name":"a","arguments":{{"a":[{}0]}}}}]}},"#,
        "0,".repeat(130_000)
    );
    match name {
        "json" => repeated("[", "0,", "0]"),
        "csv" => repeated("a,b\n", "x\n", ""),
        "tsv" => repeated("a\tb\n", "\t", "\n"),
        "jsonl" => repeated("", "0\n", ""),
        "yaml" => repeated("", "- 0\n", ""),
        "json of many values" => repeated("[", &arguments, "0]"),
        "csv of one header" => repeated("a", ",", "\n"),
        "yaml of one row" => repeated("- [0", ",0", "]"),
        "jsonl of one row" => repeated("{\"a\":[0", ",0", "]}"),
        _ => repeated("{\"question\":\"a\",\"answer\":[0", ",0", "]}"),
    }
}

fn mebibytes(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}

#[test]
fn hostile_files_take_little_memory() {
    for name in [
        "json",
        "csv",
        "tsv",
        "jsonl",
        "yaml",
        "json of many values",
        "csv of one header",
        "yaml of one row",
        "jsonl of one row",
        "",
    ] {
        let file = hostile(name);
        let format = name.split(' ').next().filter(|format| !format.is_empty()).map(str::to_owned);
        let options = ImportOptions { format, ..ImportOptions::default() };
        let mut rows = Vec::new();
        let read = formats::read(file.as_bytes(), &options, &mut |row| rows.push(row));
        let told = read.map_or_else(|error| error.to_string(), |_| format!("{} rows", rows.len()));
        let wrong = [(1, "wrong".to_owned())].into();
        let _ = formats::corrections(file.as_bytes(), &options, &wrong);
        let most = mebibytes("VmHWM");
        assert!(most < MOST, "{name}: {most} MB, {told}");
    }
}
