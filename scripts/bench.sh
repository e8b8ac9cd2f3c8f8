#!/usr/bin/env bash
# Measures a server of its own, with an empty database, over loopback.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/setup.sh"
"$ROOT/scripts/build.sh"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT
"$XTASK" bench \
  --server "$CARGO_TARGET_DIR/release/rl-chatbot" --site "$SITE_ROOT" --data "$data" "$@"
