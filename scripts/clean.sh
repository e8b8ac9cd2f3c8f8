#!/usr/bin/env bash
# Removes what was built. Data, checkpoints and settings stay.

source "$(dirname "$0")/environment.sh"

rm -rf "$SITE_ROOT" "$CARGO_TARGET_DIR/site-dev" "$CARGO_TARGET_DIR/wasm-std" "$CARGO_TARGET_DIR/client" \
  "$CARGO_TARGET_DIR/tools" "$ROOT/end2end/node_modules" "$ROOT/end2end/test-results"
cd "$ROOT"
cargo clean
