#!/usr/bin/env bash
# Serves, rebuilds and restarts on every change. The browser's half is built unoptimised, into a site of its own.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh"
export CLIENT_PROFILE=dev SITE_ROOT="$CARGO_TARGET_DIR/site-dev"
cd "$ROOT"
cargo build --release --package xtask --target-dir "$XTASK_TARGET_DIR"
# A copy, because the build it starts may replace the original.
cp "$XTASK" "$XTASK-dev"
exec "$XTASK-dev" dev --root "$ROOT" --server "$CARGO_TARGET_DIR/release/rl-chatbot"
