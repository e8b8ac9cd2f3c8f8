#!/usr/bin/env bash
# Builds both halves: the site, then the server. Rebuilds only what changed.

source "$(dirname "$0")/environment.sh"

"$ROOT/scripts/site.sh"
cd "$ROOT"
cargo build --release --package server
