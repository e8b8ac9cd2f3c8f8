#!/usr/bin/env bash
# Runs cargo on the browser's half: scripts/client.sh build | check | clippy. Its target folder is its own, because its
# compiler may be another one than the server's.

source "$(dirname "$0")/environment.sh"

variables="$("$ROOT/scripts/wasm-std.sh")"
# shellcheck disable=SC1090
source "$variables"
cd "$ROOT"

# One profile for all three: build scripts and macros compile once.
readonly OPTIONS=(--package frontend --target wasm32-unknown-unknown --target-dir "$CARGO_TARGET_DIR/client"
  --profile "${CLIENT_PROFILE:-wasm-release}")

case "${1:-build}" in
  build) cargo build "${OPTIONS[@]}" ;;
  check) cargo check "${OPTIONS[@]}" ;;
  clippy)
    # A compiler that is not the one on PATH brings its own clippy beside it.
    clippy="$(dirname "${RUSTC:-none}")/cargo-clippy"
    if [ -n "${RUSTC:-}" ]; then
      [ -x "$clippy" ] || die "no $clippy; run: apt-get install -y rust-web-clippy"
      "$clippy" clippy "${OPTIONS[@]}" -- -D warnings
    else
      cargo clippy "${OPTIONS[@]}" -- -D warnings
    fi
    ;;
  *) die "\`$1\` is not build, check or clippy" ;;
esac
