#!/usr/bin/env bash
# Gets the standard library for wasm32-unknown-unknown, and prints the file of variables a wasm32 build is run with.
#
#   WASM_STD=auto          (default) an installed target; else rustup; else the distribution's source package
#   WASM_STD=rustup        an installed target; else rustup
#   WASM_STD=distribution  the distribution's compiler, and its source package built for wasm32 (Debian: rustc-web,
#                          rust-web-src, libstd-rust-web-dev, lld-22; installed when missing); no download but crates
#
# The distribution way leaves /usr alone: a private sysroot under the target folder mirrors the compiler's by links.
# Does nothing when nothing changed.

source "$(dirname "$0")/environment.sh"
source "$ROOT/scripts/packages.sh"

readonly TARGET=wasm32-unknown-unknown
readonly WORK="$CARGO_TARGET_DIR/wasm-std"
readonly VARIABLES="$WORK/variables.sh"
readonly SYSROOT="$WORK/sysroot"
readonly DISTRIBUTION_RUSTC="${DISTRIBUTION_RUSTC:-/usr/bin/rustc}"
readonly WAY="${WASM_STD:-auto}"
# Small rather than fast, like the pages themselves: 6 KB less of the compressed module.
readonly SMALL=(-Z build-std-features=optimize_for_size --config 'profile.release.opt-level="z"')

main() {
  mkdir -p "$WORK"
  case "$WAY" in
    auto) from_installed || from_rustup || from_distribution ;;
    rustup) from_installed || from_rustup || die "rustup could not add $TARGET; try WASM_STD=distribution" ;;
    distribution) from_distribution ;;
    *) die "WASM_STD is \`$WAY\`, expected auto, rustup or distribution" ;;
  esac
  echo "$VARIABLES"
}

# The compiler on PATH already has the target.
from_installed() {
  has rustc && has_std "$(rustc --print target-libdir --target "$TARGET" 2>/dev/null)" || return 1
  echo "# $TARGET comes with the compiler on PATH." >"$VARIABLES"
}

from_rustup() {
  has rustup || return 1
  say "wasm32: adding the target with rustup"
  rustup target add "$TARGET" >&2 || return 1
  from_installed
}

from_distribution() {
  local linker
  # shellcheck disable=SC2046
  install_packages $(missing_for_distribution)
  linker="$(find_linker)" || die "no wasm-ld found; the package lld-22 has one"
  build_distribution_std "$linker"
  cat >"$VARIABLES.new" <<VARIABLES
export RUSTC=$DISTRIBUTION_RUSTC
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot $SYSROOT"
VARIABLES
  mv "$VARIABLES.new" "$VARIABLES"
}

missing_for_distribution() {
  is_new_enough "$DISTRIBUTION_RUSTC" || echo rustc-web libstd-rust-web-dev
  [ -d "$(distribution_rustlib)/src/rust/library" ] || echo rust-web-src
  find_linker >/dev/null || echo lld-22
}

distribution_rustlib() { echo "$("$DISTRIBUTION_RUSTC" --print sysroot 2>/dev/null || echo /usr)/lib/rustlib"; }

has_std() { [ -n "$1" ] && compgen -G "$1/libstd-*.rlib" >/dev/null; }

find_linker() {
  local name
  for name in wasm-ld-22 wasm-ld wasm-ld-21 wasm-ld-20 wasm-ld-19 rust-lld; do
    if has "$name"; then echo "$name"; return; fi
  done
  return 1
}

# Builds `std` and `panic_abort` from the distribution's source inside an empty crate, then keeps the libraries.
build_distribution_std() {
  local linker="$1" version source stamp="$WORK/version"
  version="$("$DISTRIBUTION_RUSTC" -vV; printf '%s\n' "${SMALL[@]}")"
  source="$(distribution_rustlib)"
  if [ "$(cat "$stamp" 2>/dev/null)" = "$version" ] && has_std "$SYSROOT/lib/rustlib/$TARGET/lib"; then return; fi
  say "wasm32: building the standard library from $source/src (about a minute, once)"
  rm -rf "$SYSROOT" "$WORK/empty" "$stamp"
  mkdir -p "$WORK/empty/src"
  : >"$WORK/empty/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$WORK/empty/Cargo.toml"
  (
    cd "$WORK/empty"
    unset CARGO_TARGET_DIR RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
    RUSTC="$DISTRIBUTION_RUSTC" RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
      cargo build --quiet --release --target "$TARGET" -Z build-std=std,panic_abort "${SMALL[@]}"
  ) >&2
  # What was compiled against the library before does not fit this one, and cargo does not look at it.
  rm -rf "${CARGO_TARGET_DIR:?}/client"
  mirror_sysroot "$source"
  printf '%s\n' "$version" >"$stamp"
}

# A folder that is the compiler's rustlib by links, with wasm32 added.
mirror_sysroot() {
  local source="$1" entry libraries="$SYSROOT/lib/rustlib/$TARGET/lib"
  mkdir -p "$libraries"
  for entry in "$source"/*; do
    [ "$(basename "$entry")" = "$TARGET" ] || ln -s "$entry" "$SYSROOT/lib/rustlib/"
  done
  find "$WORK/empty/target/$TARGET/release/deps" -name '*.rlib' ! -name 'libempty*' -exec cp {} "$libraries/" \;
  has_std "$libraries" || die "the build of the standard library left no libstd in $libraries"
  rm -rf "$WORK/empty"
}

main
