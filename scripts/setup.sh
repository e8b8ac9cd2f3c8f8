#!/usr/bin/env bash
# Brings the machine to where the project builds: Debian packages (installed when root, otherwise the command is
# printed), npm packages inside the project, the standard library for wasm32. Does nothing when nothing is missing.
#
#   scripts/setup.sh           what `make run` needs
#   scripts/setup.sh test      and what the tests need: PostgreSQL, Chromium, Python with venv
#   scripts/setup.sh check     and what `make check` needs: rustfmt, and clippy for both compilers

source "$(dirname "$0")/environment.sh"
source "$ROOT/scripts/packages.sh"

readonly PURPOSE="${1:-run}"
readonly NODE_MAJOR_MIN=20
readonly NODE_PINNED=22.12.0

main() {
  mkdir -p "$CARGO_TARGET_DIR"
  check_target_folder
  # shellcheck disable=SC2046
  install_packages $(missing_packages)
  check_rust
  install_npm_packages
  local variables
  variables="$("$ROOT/scripts/wasm-std.sh")"
  [ "$PURPOSE" != check ] || install_clippy "$variables"
}

# A target folder on a full disk fails late and obscurely.
check_target_folder() {
  local free_kib
  free_kib="$(df --output=avail -k "$CARGO_TARGET_DIR" | tail -n 1)"
  [ "$free_kib" -gt 3000000 ] || say "warning: less than 3 GB free in $CARGO_TARGET_DIR; a first build may not fit"
}

# Debian's names of what is missing. What wasm32 needs, wasm-std.sh knows.
missing_packages() {
  has cc || echo gcc libc6-dev
  has cargo || echo cargo-web rustc-web
  has node || echo nodejs
  has npm || echo npm
  case "$PURPOSE" in
    test)
      compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
      [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || echo chromium
      python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3 python3-venv
      ;;
  esac
}

check_rust() {
  is_new_enough rustc || die "rustc is \`$(rustc --version)\`, expected $(least_rust) or newer; run: rustup update stable"
}

# rustfmt, clippy for the compiler on PATH, and clippy for the one of the browser's half where that is another.
install_clippy() {
  if ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
    # Whoever wants everything from the distribution is not to be sent to rustup's server.
    if ! has rustup; then
      install_packages rust-web-clippy rustfmt-web
    elif [ "${WASM_STD:-auto}" = distribution ] || ! rustup component add clippy rustfmt >&2; then
      die "clippy or rustfmt is missing; run: rustup component add clippy rustfmt"
    fi
  fi
  local rustc
  # shellcheck disable=SC1090
  rustc="$(source "$1" && echo "${RUSTC:-}")"
  [ -z "$rustc" ] || [ -x "$(dirname "$rustc")/cargo-clippy" ] || install_packages rust-web-clippy
}

install_npm_packages() {
  local lock="$ROOT/end2end/package-lock.json" stamp="$ROOT/end2end/node_modules/.installed"
  use_pinned_node
  cmp -s "$lock" "$stamp" && return
  say "setup: installing the npm packages of end2end/"
  (cd "$ROOT/end2end" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2)
  cp "$lock" "$stamp"
}

# A distribution's Node may be too old; then a pinned one goes into target/tools.
use_pinned_node() {
  [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -lt "$NODE_MAJOR_MIN" ] || return 0
  [ ! -x "$PINNED_NODE/node" ] || return 0
  say "setup: Node $(node --version) is older than $NODE_MAJOR_MIN; installing $NODE_PINNED into $CARGO_TARGET_DIR/tools"
  mkdir -p "$CARGO_TARGET_DIR/tools"
  npm install --prefix "$CARGO_TARGET_DIR/tools" --no-save --no-audit --no-fund "node@$NODE_PINNED" >&2
  hash -r
}

main
