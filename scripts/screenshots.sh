#!/usr/bin/env bash
# Pictures of every page in both themes, wide and narrow, into end2end/test-results.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh" test
"$ROOT/scripts/build.sh"
export RL_CHATBOT="$CARGO_TARGET_DIR/release/rl-chatbot"
exec node "$ROOT/end2end/screenshots.mjs"
