#!/usr/bin/env bash
# Sets up, and runs every test: the set-up's own, the Rust workspace's (with SQLite and PostgreSQL), the browser's, and
# official Python clients'.
#
# Every stage runs, whatever became of the one before it, unless it needs what the other builds. The end repeats the
# runners' own summary lines and adds them up; the exit status is 0 only when every stage succeeded.

source "$(dirname "$0")/environment.sh"

logs="$(mktemp -d)"
readonly logs
trap 'rm -rf "$logs"' EXIT
failed_stages=()

readonly WORKSPACE=(--release --workspace --exclude frontend --exclude xtask)

main() {
  "$ROOT/scripts/setup.sh" test
  cd "$ROOT"
  stage set-up scripts/test-setup.sh || true
  stage build-steps cargo test --release --no-fail-fast --package xtask --target-dir "$XTASK_TARGET_DIR" || true
  # The program installs the Python frameworks there itself, in the tests that need them.
  export BRIDGE_DIR="$CARGO_TARGET_DIR/bridge"
  stage bridge scripts/bridge.sh test || true
  stage workspace scripts/postgres.sh cargo test --no-fail-fast "${WORKSPACE[@]}" || true
  # The same features as the tests: with any other command half of the packages would compile a second time.
  if stage program cargo test --no-run "${WORKSPACE[@]}" && stage site scripts/site.sh; then
    stage browser scripts/browser-test.sh || true
  fi
  stage python-clients scripts/python-clients.sh || true
  summary
}

# Runs a command, shows and keeps what it prints.
stage() {
  local name="$1" status=0
  shift
  say "== $name: $*"
  "$@" 2>&1 | tee "$logs/$name.log" || status=$?
  [ "$status" = 0 ] || failed_stages+=("$name")
  return "$status"
}

summary() {
  "$ROOT/scripts/test-summary.sh" "$logs" ${failed_stages[@]+"${failed_stages[@]}"}
}

main
