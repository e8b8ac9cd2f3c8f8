#!/usr/bin/env bash
# Adds up what the test runners said: scripts/test-summary.sh folder-of-logs [name of a failed stage…]
#
# Reads cargo's `test result:` lines, Node's `pass N` and `fail N`, pytest's `N failed, N passed in`, and the shell tests' `N passed, N failed`. A stage
# that failed without reporting a failed test (it did not compile, it crashed) counts as one failure.

set -euo pipefail

readonly LOGS="$1"
shift

counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^test result: /            { for (i = 2; i <= NF; i++) { if ($i ~ /^passed;/) passed += $(i - 1); if ($i ~ /^failed;/) failed += $(i - 1) } }
    /^(ℹ|#) pass [0-9]+$/       { passed += $3 }
    /^(ℹ|#) (fail|cancelled) [0-9]+$/ { failed += $3 }
    /^[0-9]+ (passed|failed|errors?).* in [0-9.]+s/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) passed += $(i - 1); if ($i ~ /^(failed|error)/) failed += $(i - 1) } }
    /^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
    END { printf "%d %d\n", passed, failed }'
}

total_passed=0
total_failed=0
echo
echo "== summary"
for log in "$LOGS"/*.log; do
  name="$(basename "$log" .log)"
  read -r passed failed < <(counts "$log")
  sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^(test result: |(ℹ|#) (tests|pass|fail|cancelled) |[0-9]+ passed, [0-9]+ failed$|[0-9]+ (passed|failed|errors?).* in [0-9.]+s)' | sed "s/^/$name: /" || true
  for stage in "$@"; do
    if [ "$stage" = "$name" ] && [ "$failed" = 0 ]; then
      echo "$name: failed before it could report a failed test; counted as one"
      failed=1
    fi
  done
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
done
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" = 0 ] && [ $# = 0 ]
