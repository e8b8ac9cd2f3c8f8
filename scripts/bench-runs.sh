#!/usr/bin/env bash
# Measures evaluation runs against a scripted model, and inspect-ai and promptfoo beside them on the same cases; with
# `--pages`, pages and lists over 50,000 cases and a run over 20,000. A server of its own, an empty database, loopback.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh"
"$ROOT/scripts/build.sh"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT
# The others: private environments with pinned versions, made once. Only this script needs them.
inspect="$CARGO_TARGET_DIR/bench-inspect/bin/python"
if ! "$inspect" -c "import inspect_ai, openai" 2>/dev/null; then
  python3 -m venv "$CARGO_TARGET_DIR/bench-inspect"
  "$inspect" -m pip install --quiet --disable-pip-version-check inspect-ai==0.3.285 openai==3.54.0
fi
promptfoo="$CARGO_TARGET_DIR/bench-promptfoo"
if [ ! -d "$promptfoo/node_modules/promptfoo" ]; then
  mkdir -p "$promptfoo"
  npm install --prefix "$promptfoo" --no-save --no-audit --no-fund --loglevel=error node@22.22.0 promptfoo@0.123.1 >&2
fi
"$XTASK" bench-runs --inspect "$inspect" --promptfoo "$promptfoo" \
  --server "$CARGO_TARGET_DIR/release/rl-chatbot" --site "$SITE_ROOT" --data "$data" "$@"
