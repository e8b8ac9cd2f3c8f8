#!/usr/bin/env bash
# Runs the browser tests of end2end/ against the program that was built last.

source "$(dirname "$0")/environment.sh"

export RL_CHATBOT="${RL_CHATBOT:-$CARGO_TARGET_DIR/release/rl-chatbot}"
[ -x "$RL_CHATBOT" ] || die "$RL_CHATBOT is missing; run: scripts/build.sh"
cd "$ROOT/end2end"
# One at a time: two browsers and a learning server on two cores would test the machine.
exec node --test --test-concurrency=1 --test-reporter=spec ${@:-*.spec.mjs}
