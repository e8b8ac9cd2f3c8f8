#!/usr/bin/env bash
# The Python worker of bridge/ that hosts Pydantic AI and LangGraph.
#
#   scripts/bridge.sh          installs it ahead of its first use (the server does so by itself otherwise)
#   scripts/bridge.sh test     runs its own tests, with pytest beside its packages, in the target folder
#   scripts/bridge.sh lock     pins what bridge/pyproject.toml asks for, with hashes (needs uv)

source "$(dirname "$0")/environment.sh"
source "$ROOT/scripts/packages.sh"

readonly PYTHON="${BRIDGE_PYTHON:-python3}"

main() {
  case "${1:-install}" in
    install)
      need_venv
      "$ROOT/scripts/setup.sh"
      exec "$ROOT/scripts/run.sh" bridge
      ;;
    test) run_tests ;;
    lock) lock ;;
    *) die "\`$1\` is not install, test or lock" ;;
  esac
}

need_venv() {
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
}

# A virtual environment of its own: what the program installs has no pytest.
run_tests() {
  need_venv
  local list="$ROOT/bridge/requirements.lock" tests="$ROOT/bridge/tests/requirements.lock"
  local venv
  venv="$CARGO_TARGET_DIR/bridge-tests-$(cat "$list" "$tests" | sha256sum | cut -c 1-12)"
  if [ ! -e "$venv/installed" ]; then
    "$PYTHON" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --require-hashes --no-deps --only-binary :all: --no-input \
      --disable-pip-version-check --requirement "$list" --requirement "$tests"
    touch "$venv/installed"
  fi
  cd "$ROOT/bridge"
  exec "$venv/bin/python" -m pytest -q -p no:cacheprovider
}

lock() {
  has uv || die "uv is missing; run: pip install uv"
  cd "$ROOT/bridge"
  local options=(--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet)
  uv pip compile "${options[@]}" pyproject.toml --output-file requirements.lock
  echo "pytest" | uv pip compile "${options[@]}" --constraint requirements.lock - --output-file tests/requirements.lock
}

main "$@"
