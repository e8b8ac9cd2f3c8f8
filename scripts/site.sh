#!/usr/bin/env bash
# Assembles the folder the server serves ($SITE_ROOT, target/site by default). Rebuilds only what changed.

source "$(dirname "$0")/environment.sh"

readonly PROFILE="${CLIENT_PROFILE:-wasm-release}"
readonly BUILT="$CARGO_TARGET_DIR/client/wasm32-unknown-unknown/${PROFILE/#dev/debug}/frontend.wasm"

cd "$ROOT"
[ -d end2end/node_modules/binaryen ] || die "the npm packages are missing; run: make setup"
"$ROOT/scripts/client.sh" build
cargo build --release --package xtask --target-dir "$XTASK_TARGET_DIR"
options=(--wasm "$BUILT" --root "$ROOT" --npm end2end/node_modules --out "$SITE_ROOT")
[ "$PROFILE" = wasm-release ] || options+=(--uncompressed)
"$XTASK" site "${options[@]}"
