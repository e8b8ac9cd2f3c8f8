//! What the manifests say: which crate may use which.

use crate::{expect_none, root};
use std::fs;
use toml::Table;

/// Our crates, where they are, and which of ours each may use (ARCHITECTURE.md, "Crates").
const ARROWS: [(&str, &str, &[&str]); 13] = [
    ("types", "crates/types", &[]),
    ("tools", "crates/tools", &["types"]),
    ("policy", "crates/policy", &["types"]),
    ("agents", "crates/agents", &["tools", "policy", "types"]),
    ("evaluation", "crates/evaluation", &["agents", "formats", "tools", "types"]),
    ("formats", "crates/formats", &["types"]),
    ("rl", "crates/rl", &["evaluation", "agents", "policy", "tools", "types"]),
    ("store", "crates/store", &["types"]),
    ("service", "crates/service", &["rl", "evaluation", "formats", "agents", "policy", "tools", "store", "types"]),
    ("app", "app", &["service", "types"]),
    ("frontend", "frontend", &["app"]),
    ("server", "server", &["app", "service", "types"]),
    ("xtask", "xtask", &[]),
];

/// Packages that only the crates named may use.
const RESERVED: [(&str, &[&str]); 10] = [
    ("axum", &["server"]),
    ("axum-extra", &["server"]),
    ("tower", &["server"]),
    ("tower-http", &["server"]),
    ("tower-sessions", &["server"]),
    ("sqlx", &["store"]),
    ("leptos", &["app", "frontend", "server"]),
    ("leptos_axum", &["app", "server"]),
    ("gloo-net", &["app"]),
    ("reqwest", &["agents", "service", "tools"]),
];

/// All that the language of the application may depend on.
const TYPES_MAY_USE: [&str; 6] = ["serde", "serde_json", "thiserror", "time", "utoipa", "uuid"];

fn manifest(folder: &str) -> Table {
    fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Names under `[dependencies]` and `[build-dependencies]`; what only tests use is free.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest = manifest(folder);
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(|section| section.keys().cloned())
        .collect()
}

#[test]
fn every_crate_is_on_the_map() {
    let mut folders: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| format!("crates/{}", entry.file_name().to_string_lossy()))
        .collect();
    folders.retain(|folder| !ARROWS.iter().any(|(_, known, _)| known == folder));
    expect_none("a new crate needs its arrows here and in ARCHITECTURE.md:", &folders);
}

#[test]
fn crates_use_only_what_stands_to_their_right() {
    let ours: Vec<&str> = ARROWS.iter().map(|(name, _, _)| *name).collect();
    let mut complaints = Vec::new();
    for (name, folder, may_use) in ARROWS {
        for used in dependencies(folder) {
            if ours.contains(&used.as_str()) && !may_use.contains(&used.as_str()) {
                complaints.push(format!("{folder}/Cargo.toml: `{name}` uses `{used}`, may use {may_use:?}"));
            }
        }
    }
    expect_none("the arrows between crates:", &complaints);
}

#[test]
fn a_crate_that_uses_one_of_ours_makes_it_optional_where_the_browser_has_no_use_for_it() {
    let app = manifest("app");
    let service = &app["dependencies"]["service"];
    assert_eq!(
        service["optional"].as_bool(),
        Some(true),
        "app/Cargo.toml: `service` exists on the server only (`ssr`)"
    );
}

#[test]
fn web_and_database_packages_stay_where_they_belong() {
    let mut complaints = Vec::new();
    for (_, folder, _) in ARROWS {
        for used in dependencies(folder) {
            if let Some((_, allowed)) = RESERVED.iter().find(|(package, _)| *package == used)
                && !allowed.iter().any(|name| folder.ends_with(name))
            {
                complaints.push(format!("{folder}/Cargo.toml uses `{used}`, which is for {allowed:?}"));
            }
        }
    }
    expect_none("invariants 2 and 3:", &complaints);
}

#[test]
fn the_language_depends_on_little() {
    let mut extra = dependencies("crates/types");
    extra.retain(|used| !TYPES_MAY_USE.contains(&used.as_str()));
    expect_none("invariant 1, crates/types may depend on serde, thiserror, uuid, time and utoipa only:", &extra);
}

#[test]
fn members_inherit_version_edition_licence_and_lints() {
    let mut complaints = Vec::new();
    for (_, folder, _) in ARROWS {
        let manifest = manifest(folder);
        let inherited = |field: &str| manifest["package"].get(field).and_then(|value| value.get("workspace"));
        for field in ["version", "edition", "license", "rust-version", "publish"] {
            if inherited(field).is_none() {
                complaints.push(format!("{folder}/Cargo.toml: `{field}.workspace = true` is missing"));
            }
        }
        if manifest.get("lints").and_then(|lints| lints.get("workspace")).is_none() {
            complaints.push(format!("{folder}/Cargo.toml: `[lints] workspace = true` is missing"));
        }
    }
    expect_none("members inherit from the workspace:", &complaints);
}

#[test]
fn nothing_sends_rustup_to_its_server() {
    for name in ["rust-toolchain", "rust-toolchain.toml"] {
        assert!(!root().join(name).exists(), "{name} would make every cargo call ask for a download");
    }
    let config = fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(!config.contains("linker ="), ".cargo/config.toml names a linker; it would override rustup's own");
}

#[test]
fn the_lock_files_name_public_registries_only() {
    let cargo = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let npm = fs::read_to_string(root().join("end2end/package-lock.json")).unwrap();
    let cargo_sources = cargo.lines().filter(|line| line.starts_with("source = "));
    let npm_sources = npm.lines().filter(|line| line.trim_start().starts_with("\"resolved\""));
    let foreign: Vec<String> = cargo_sources
        .chain(npm_sources)
        .filter(|line| {
            !line.contains("github.com/rust-lang/crates.io-index") && !line.contains("https://registry.npmjs.org/")
        })
        .map(str::to_owned)
        .collect();
    expect_none("a package comes from elsewhere:", &foreign);
    for list in ["bridge/requirements.lock", "bridge/tests/requirements.lock"] {
        let python = fs::read_to_string(root().join(list)).unwrap();
        assert!(!python.contains("://"), "{list} names an address; packages come from the registry pip is set up with");
    }
}
