#!/usr/bin/env bash
# Tests of the set-up: the order in which WASM_STD=auto looks for the target, with stand-ins for rustc, rustup and cargo
# on PATH (nothing is downloaded), and the sum of the test runners' summaries.

source "$(dirname "$0")/environment.sh"

passed=0
failed=0
work="$(mktemp -d)"
readonly work
trap 'rm -rf "$work"' EXIT

main() {
  an_installed_target_is_used_and_nobody_is_asked
  rustup_is_asked_when_the_target_is_missing
  the_distribution_serves_when_rustup_fails
  the_distribution_serves_when_there_is_no_rustup
  rustup_way_stops_when_rustup_fails
  distribution_way_never_calls_rustup
  a_second_call_builds_nothing
  an_unknown_way_is_refused
  an_old_distribution_compiler_is_not_used
  the_summary_adds_up_every_runner
  a_stage_that_crashed_counts_as_a_failure
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# A folder of stand-ins; $1 = the name of the test, then which of: target rustup rustup-fails.
machine() {
  fake="$work/$1"
  shift
  mkdir -p "$fake/bin" "$fake/distribution/lib/rustlib/src/rust/library" "$fake/libdir" "$fake/target"
  : >"$fake/calls"
  [[ " $* " != *" target "* ]] || touch "$fake/libdir/libstd-1.rlib"
  stand_in rustc "echo $fake/libdir"
  stand_in distribution-rustc "case \$1 in -vV) echo stand-in 1.0;; --version) echo rustc 9.9.9;; *) echo $fake/distribution;; esac"
  stand_in wasm-ld-22 true
  stand_in cargo "echo \"cargo \$*\" >>$fake/calls
    mkdir -p target/wasm32-unknown-unknown/release/deps && touch target/wasm32-unknown-unknown/release/deps/lib{std,core,empty}-1.rlib"
  [[ " $* " != *" rustup "* ]] || stand_in rustup "echo \"rustup \$*\" >>$fake/calls; touch $fake/libdir/libstd-1.rlib"
  [[ " $* " != *" rustup-fails "* ]] || stand_in rustup "echo \"rustup \$*\" >>$fake/calls; exit 1"
}

stand_in() {
  printf '#!/bin/bash\n%s\n' "$2" >"$fake/bin/$1"
  chmod +x "$fake/bin/$1"
}

# Runs wasm-std.sh on the made-up machine; only /usr/bin and /bin stay visible, less their rustc.
wasm_std() {
  local tool
  for tool in bash dirname cat cp rm mkdir mv ln find basename touch printf cut sed sort head; do
    ln -sf "$(type -P "$tool")" "$fake/bin/$tool"
  done
  PATH="$fake/bin" CARGO_TARGET_DIR="$fake/target" WASM_STD="$1" DISTRIBUTION_RUSTC="$fake/bin/distribution-rustc" \
    bash "$ROOT/scripts/wasm-std.sh" >"$fake/out" 2>"$fake/error"
}

variables() { cat "$fake/target/wasm-std/variables.sh"; }
calls() { cut -d' ' -f1,2 "$fake/calls" | tr '\n' ';'; }

check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
    echo "ok   $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1: expected \`$3\`, got \`$2\`"
  fi
}

an_installed_target_is_used_and_nobody_is_asked() {
  machine installed target rustup
  wasm_std auto || true
  check "${FUNCNAME[0]}" "$(calls)|$(variables | grep -c RUSTC)" "|0"
}

rustup_is_asked_when_the_target_is_missing() {
  machine asked rustup
  wasm_std auto || true
  check "${FUNCNAME[0]}" "$(calls)|$(variables | grep -c RUSTC)" "rustup target;|0"
}

the_distribution_serves_when_rustup_fails() {
  machine fails rustup-fails
  wasm_std auto || true
  check "${FUNCNAME[0]}" "$(calls)|$(variables | grep -c 'export RUSTC=')" "rustup target;cargo build;|1"
}

the_distribution_serves_when_there_is_no_rustup() {
  machine none
  wasm_std auto || true
  check "${FUNCNAME[0]}" "$(calls)|$(variables | grep -c 'export RUSTC=')" "cargo build;|1"
}

rustup_way_stops_when_rustup_fails() {
  machine stops rustup-fails
  local status=0
  wasm_std rustup || status=$?
  check "${FUNCNAME[0]}" "$status|$(calls)" "1|rustup target;"
}

distribution_way_never_calls_rustup() {
  machine distribution target rustup
  wasm_std distribution || true
  check "${FUNCNAME[0]}" "$(calls)|$(ls "$fake/target/wasm-std/sysroot/lib/rustlib/wasm32-unknown-unknown/lib" | tr '\n' ' ')" \
    "cargo build;|libcore-1.rlib libstd-1.rlib "
}

a_second_call_builds_nothing() {
  machine second
  wasm_std distribution || true
  wasm_std distribution || true
  check "${FUNCNAME[0]}" "$(calls)" "cargo build;"
}

an_unknown_way_is_refused() {
  machine unknown
  local status=0
  wasm_std sometimes || status=$?
  check "${FUNCNAME[0]}" "$status|$(cat "$fake/error")" \
    "1|error: WASM_STD is \`sometimes\`, expected auto, rustup or distribution"
}

an_old_distribution_compiler_is_not_used() {
  machine old
  stand_in distribution-rustc 'case $1 in --version) echo rustc 1.63.0;; *) echo /nowhere;; esac'
  local status=0
  wasm_std distribution || status=$?
  check "${FUNCNAME[0]}" "$status|$(calls)|$(cat "$fake/error")" \
    "1||error: these packages (by their Debian names) are missing: rustc-web libstd-rust-web-dev rust-web-src"
}

the_summary_adds_up_every_runner() {
  mkdir "$work/logs"
  printf 'test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\ntest result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n' >"$work/logs/a.log"
  printf '\x1b[34mℹ tests 5\x1b[39m\n\x1b[34mℹ pass 4\x1b[39m\n\x1b[34mℹ fail 1\x1b[39m\n' >"$work/logs/b.log"
  printf '6 passed, 0 failed\n' >"$work/logs/c.log"
  # 12 + 3 + 4 + 6 = 25 and 2 + 1 = 3
  local status=0 out
  out="$("$ROOT/scripts/test-summary.sh" "$work/logs" a b)" || status=$?
  check "${FUNCNAME[0]}" "$status|$(tail -n 1 <<<"$out")" "1|25 passed, 3 failed"
}

a_stage_that_crashed_counts_as_a_failure() {
  mkdir "$work/crashed"
  printf 'error: could not compile\n' >"$work/crashed/a.log"
  printf '6 passed, 0 failed\n' >"$work/crashed/b.log"
  local status=0 out
  out="$("$ROOT/scripts/test-summary.sh" "$work/crashed" a)" || status=$?
  check "${FUNCNAME[0]}" "$status|$(tail -n 1 <<<"$out")" "1|6 passed, 1 failed"
}

main
