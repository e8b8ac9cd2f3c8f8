# Sourced by every script: where things are built. Nothing is written outside the target folder.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"
case "$CARGO_TARGET_DIR" in
  /*) ;;
  *) CARGO_TARGET_DIR="$ROOT/$CARGO_TARGET_DIR" ;;
esac
export SITE_ROOT="${SITE_ROOT:-$CARGO_TARGET_DIR/site}"

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Where setup.sh puts a Node when the machine's is too old.
PINNED_NODE="$CARGO_TARGET_DIR/tools/node_modules/node/bin"
[ ! -x "$PINNED_NODE/node" ] || PATH="$PINNED_NODE:$PATH"

# Our own build steps; a folder of their own, so that they never wait for a build of the program.
XTASK_TARGET_DIR="$CARGO_TARGET_DIR/tools"
XTASK="$XTASK_TARGET_DIR/release/xtask"
