# Sourced where Debian packages may be missing: `install_packages name…` installs them as root, and otherwise stops with
# the exact command.
# shellcheck shell=bash

install_packages() {
  [ $# -gt 0 ] || return 0
  if ! has apt-get; then
    die "these packages (by their Debian names) are missing: $*"
  fi
  if [ "$(id -u)" != 0 ]; then
    die "Debian packages are missing; run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  say "setup: installing $*"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } >&2
  hash -r
}

# The least version of Rust the workspace builds with.
least_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml"; }

# Whether a compiler is there and new enough.
is_new_enough() {
  local version
  version="$("$1" --version 2>/dev/null | cut -d' ' -f2)" && [ -n "$version" ] || return 1
  [ "$(printf '%s\n%s\n' "$(least_rust)" "$version" | sort -V | head -n 1)" = "$(least_rust)" ]
}
