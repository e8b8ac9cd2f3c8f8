#!/usr/bin/env bash
# Format, clippy for the host and for wasm32, and the rules of the house (server/tests/tidy.rs).

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" check
cd "$ROOT"
cargo fmt --all --check
# As the tests are built (test.sh): the release profile and the same features, so that build scripts and macros compile
# once; the build steps in a target folder of their own.
cargo clippy --release --workspace --exclude frontend --exclude xtask --all-targets -- -D warnings
cargo clippy --release --package xtask --all-targets --target-dir "$XTASK_TARGET_DIR" -- -D warnings
"$ROOT/scripts/client.sh" clippy
cargo test --release --workspace --exclude frontend --exclude xtask --test tidy
