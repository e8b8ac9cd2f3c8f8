#!/usr/bin/env bash
# Measures a server of its own, with an empty database, over loopback.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh"
"$ROOT/scripts/build.sh"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT
# The direct loop beside it: a private environment with the one package, made once.
python="$CARGO_TARGET_DIR/bench-python/bin/python"
if ! "$python" -c "import openai" 2>/dev/null; then
  python3 -m venv "$CARGO_TARGET_DIR/bench-python"
  "$python" -m pip install --quiet --disable-pip-version-check openai==3.54.0
fi
"$XTASK" bench --python "$python" \
  --server "$CARGO_TARGET_DIR/release/rl-chatbot" --site "$SITE_ROOT" --data "$data" "$@"
