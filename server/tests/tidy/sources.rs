//! What the sources say: who names what, how long things are, whether everything is registered.

use crate::{File, expect_none, files, is_test, root};
use proc_macro2::{TokenStream, TokenTree};
use std::{fs, path::Path};
use syn::{Attribute, ImplItemFn, ItemFn, ItemMod, TraitItemFn, visit::Visit};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 40;
/// `cfg(feature = …)` in `app`: each is a place where server and browser may differ.
const FEATURE_SWITCHES_MAX: usize = 6;

/// Where extensions are found by name: the folder, the file with the registry, and the trait an extension implements.
const REGISTRIES: [(&str, &str, &str); 5] = [
    ("crates/tools/src", "crates/tools/src/lib.rs", "Tool"),
    ("crates/agents/src/frameworks", "crates/agents/src/frameworks.rs", "Framework"),
    ("crates/evaluation/src/answers", "crates/evaluation/src/answers.rs", ""),
    ("crates/evaluation/src/rules", "crates/evaluation/src/rules.rs", "Rule"),
    ("crates/rl/src/algorithms", "crates/rl/src/algorithms.rs", ""),
];

/// Clocks, randomness and surroundings that an engine is given rather than takes (invariant 8).
const NOT_IN_ENGINES: [&str; 12] = [
    "SystemTime::now",
    "OffsetDateTime::now_utc",
    "thread_rng",
    "rand::rng()",
    "rand::random",
    "OsRng",
    "from_os_rng",
    "from_entropy",
    "new_v4",
    "now_v7",
    "env::var",
    "std::net",
];

fn rust_files() -> Vec<File> {
    files(&[".rs"])
}

/// The text before the file's test module, comments stripped line by line.
fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_file_is_too_long() {
    let complaints: Vec<String> = files(&[".rs", ".mjs", ".sh", ".css", ".sql"])
        .iter()
        .filter(|file| !is_test(&file.path))
        .map(|file| (file, file.text.split("#[cfg(test)]\nmod ").next().unwrap().lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines before its tests, at most {FILE_LINES_MAX}", file.path))
        .collect();
    expect_none("invariant 10:", &complaints);
}

#[test]
fn code_that_is_not_safe_stands_in_one_place() {
    let lint = ["unsafe", "code"].join("_");
    let allowed = |file: &&File| file.path != "server/src/heap.rs" && code_of(&file.text).contains(&lint);
    let complaints: Vec<_> = rust_files().iter().filter(allowed).map(|file| file.path.clone()).collect();
    expect_none("only server/src/heap.rs may call unsafe code:", &complaints);
}

/// Measures functions outside tests.
struct Functions<'a> {
    file: &'a File,
    complaints: Vec<String>,
}

impl Functions<'_> {
    /// Counts lines of code between the braces; blank lines and comments are free, as clippy counts.
    fn measure(&mut self, name: &syn::Ident, block: &syn::Block) {
        let (first, last) = (block.brace_token.span.open().start().line, block.brace_token.span.close().end().line);
        let lines = self.file.text.lines().skip(first).take((last - first).saturating_sub(1));
        let code = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        if code > FUNCTION_LINES_MAX {
            self.complaints.push(format!(
                "{}:{first}: `{name}` has {code} lines of code, at most {FUNCTION_LINES_MAX}",
                self.file.path
            ));
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        meta => meta.path().segments.last().is_some_and(|segment| segment.ident == "test"),
    })
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_for_tests(&function.attrs) {
            self.measure(&function.sig.ident, &function.block);
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig.ident, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

#[test]
fn no_function_is_too_long() {
    let mut complaints = Vec::new();
    for file in rust_files().iter().filter(|file| !is_test(&file.path)) {
        let parsed = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let mut functions = Functions { file, complaints: Vec::new() };
        functions.visit_file(&parsed);
        complaints.append(&mut functions.complaints);
    }
    expect_none("invariant 10:", &complaints);
}

/// Every string literal in the tokens, those inside macros included, documentation excluded.
fn literals(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut after_doc = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let doc = group.stream().into_iter().next().is_some_and(|first| first.to_string() == "doc");
                if !doc {
                    literals(group.stream(), found);
                }
                after_doc = doc;
            }
            TokenTree::Literal(literal) if !after_doc => found.push((literal.span().start().line, literal.to_string())),
            _ => after_doc = false,
        }
    }
}

fn is_sql(literal: &str) -> bool {
    const STATEMENTS: [&str; 7] =
        ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE", "PRAGMA ", "ALTER TABLE"];
    let text = literal.trim_start_matches(['r', '#', '"', ' ', '\n']);
    STATEMENTS.iter().any(|statement| text.starts_with(statement))
}

#[test]
fn only_the_store_contains_sql() {
    let mut complaints = Vec::new();
    for file in rust_files() {
        if file.path.starts_with("crates/store/") || is_test(&file.path) {
            continue;
        }
        let mut found = Vec::new();
        literals(file.text.parse().unwrap(), &mut found);
        let sql = found.iter().filter(|(_, literal)| is_sql(literal));
        complaints.extend(sql.map(|(line, literal)| format!("{}:{line}: {literal}", file.path)));
    }
    expect_none("invariant 2, SQL belongs into crates/store:", &complaints);
}

#[test]
fn leptos_is_named_by_pages_and_the_site_module_only() {
    let complaints: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.starts_with("server/src/") && !file.path.starts_with("server/src/site"))
        .filter(|file| code_of(&file.text).contains("leptos"))
        .map(|file| format!("{}: leptos is for server/src/site.rs", file.path))
        .collect();
    expect_none("invariant 2:", &complaints);
}

#[test]
fn engines_are_given_their_clock_randomness_and_surroundings() {
    let mut complaints = Vec::new();
    for file in rust_files() {
        let engine = ["crates/agents/src/", "crates/evaluation/src/", "crates/rl/src/", "crates/policy/src/"]
            .iter()
            .any(|folder| file.path.starts_with(folder));
        if engine && !is_test(&file.path) {
            let code = code_of(&file.text);
            let taken = NOT_IN_ENGINES.iter().filter(|name| code.contains(**name));
            complaints.extend(taken.map(|name| format!("{} names `{name}`; take it as a value", file.path)));
        }
    }
    expect_none("invariants 3 and 8:", &complaints);
}

#[test]
fn every_extension_is_registered() {
    let mut complaints = Vec::new();
    for (folder, registry, implements) in REGISTRIES {
        let lines = code_of(&fs::read_to_string(root().join(registry)).unwrap_or_default());
        for file in rust_files().iter().filter(|file| file.path.starts_with(&format!("{folder}/"))) {
            let path = Path::new(&file.path);
            let stem = path.file_stem().unwrap().to_string_lossy();
            let direct = path.parent() == Some(Path::new(folder)) && stem != "lib";
            let extension = implements.is_empty() || file.text.contains(&format!("impl {implements} for"));
            let named = lines
                .lines()
                .any(|line| !line.trim_start().trim_start_matches("pub ").starts_with("mod ") && line.contains(&*stem));
            if direct && extension && !is_test(&file.path) && !named {
                complaints.push(format!("{} is not registered in {registry}", file.path));
            }
        }
    }
    expect_none("invariant 7:", &complaints);
}

#[test]
fn server_and_browser_differ_in_few_places() {
    let places: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.starts_with("app/src/"))
        .flat_map(|file| {
            let switch = |line: &str| line.contains("cfg") && line.contains("feature =") && !line.contains("test");
            file.text.lines().enumerate().filter(move |(_, line)| switch(line)).map(|(n, _)| (file.path.clone(), n + 1))
        })
        .map(|(path, line)| format!("{path}:{line}"))
        .collect();
    assert!(
        places.len() <= FEATURE_SWITCHES_MAX,
        "app has {} feature switches, at most {FEATURE_SWITCHES_MAX}: {}",
        places.len(),
        places.join(", ")
    );
}

#[test]
fn pages_carry_no_inline_style() {
    let complaints: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.starts_with("app/src/"))
        .flat_map(|file| file.text.lines().enumerate().map(move |(n, line)| (file, n + 1, line.trim_start())))
        .filter(|(_, _, line)| !line.starts_with("//"))
        .filter(|(_, _, line)| [" style=", " style:"].iter().any(|s| format!(" {line}").contains(s)))
        .map(|(file, n, line)| format!("{}:{n}: {line}", file.path))
        .collect();
    expect_none(
        "the Content-Security-Policy refuses inline style; set an attribute and style it in style/:",
        &complaints,
    );
}
