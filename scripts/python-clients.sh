#!/usr/bin/env bash
# Runs the official Python clients of OpenAI's APIs and of MCP against the program that was built last.
#
# Their packages are pinned, and installed into a virtual environment of their own once for each version of the lock file.

source "$(dirname "$0")/environment.sh"
source "$ROOT/scripts/packages.sh"

readonly CLIENTS="$ROOT/server/tests/clients"
readonly PROGRAM="${RL_CHATBOT:-$CARGO_TARGET_DIR/release/rl-chatbot}"

main() {
  [ -x "$PROGRAM" ] || die "$PROGRAM is missing; run: scripts/build.sh"
  local lock
  lock="$(sha256sum "$CLIENTS/requirements.lock" | cut -c 1-16)"
  local folder="$CARGO_TARGET_DIR/python-clients/$lock"
  [ -e "$folder/.installed" ] || install_clients "$folder"
  "$folder/bin/python" "$CLIENTS/run.py" "$PROGRAM"
}

install_clients() {
  # The module is there without its package, but cannot make an environment then.
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
  say "installing the Python clients into $1"
  rm -rf "$(dirname "$1")"
  python3 -m venv "$1"
  "$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$CLIENTS/requirements.lock"
  touch "$1/.installed"
}

main
