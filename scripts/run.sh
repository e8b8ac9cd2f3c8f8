#!/usr/bin/env bash
# Sets up, builds and runs the program: scripts/run.sh [command of rl-chatbot, `serve` by default].

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh"
cd "$ROOT"
if [ "${1:-serve}" = serve ]; then
  "$ROOT/scripts/build.sh"
else
  cargo build --release --package server
fi
exec "$CARGO_TARGET_DIR/release/rl-chatbot" "${@:-serve}"
