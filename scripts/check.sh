#!/usr/bin/env bash
# Format, clippy for the host and for wasm32, and the rules of the house (server/tests/tidy.rs).

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" check
cd "$ROOT"
cargo fmt --all --check
# The release profile, because its build scripts and macros are compiled for the tests as well.
cargo clippy --release --workspace --exclude frontend --all-targets -- -D warnings
"$ROOT/scripts/client.sh" clippy
cargo test --release --package server --test tidy
