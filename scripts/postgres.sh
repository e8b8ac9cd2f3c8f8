#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL: scripts/postgres.sh command [arguments…]
#
# The cluster lives in a temporary folder, listens on a free port of loopback with a password of its own, and is stopped
# and removed whatever happens. The command finds it in TEST_DATABASE_URL. As root it runs as Debian's user `postgres`,
# because PostgreSQL refuses root.

source "$(dirname "$0")/environment.sh"

[ $# -gt 0 ] || die "usage: scripts/postgres.sh command [arguments…]"

folder="$(mktemp -d "${TMPDIR:-/tmp}/rl-chatbot-postgres.XXXXXX")"
readonly folder
bin=""
child=""

main() {
  bin="$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")"
  [ -x "$bin/initdb" ] || die "PostgreSQL is missing; run: apt-get install -y postgresql"
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start
  "$@" &
  child=$!
  wait "$child"
}

start() {
  local password port attempt
  password="$(head -c 18 /dev/urandom | base64 | tr -d '/+=')"
  printf '%s\n' "$password" >"$folder/password"
  [ "$(id -u)" != 0 ] || chown -R postgres: "$folder"
  as_owner "$bin/initdb" --pgdata "$folder/data" --username postgres --pwfile "$folder/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C --no-sync >"$folder/initdb.log" 2>&1 ||
    die "initdb failed: $(cat "$folder/initdb.log")"
  # The data is thrown away, so it need not survive a power cut.
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM))
    as_owner "$bin/pg_ctl" start --pgdata "$folder/data" --wait --silent --log "$folder/postgres.log" \
      --options "-p $port -h 127.0.0.1 -k $folder -F -c full_page_writes=off -c synchronous_commit=off" \
      >/dev/null 2>&1 && break
    [ "$attempt" -lt 5 ] || die "PostgreSQL does not start: $(tail -n 5 "$folder/postgres.log")"
  done
  export TEST_DATABASE_URL="postgres://postgres:$password@127.0.0.1:$port/postgres" REQUIRE_POSTGRES=1
}

stop() {
  local status=$?
  trap - EXIT INT TERM
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  [ ! -d "$folder/data" ] || as_owner "$bin/pg_ctl" stop --pgdata "$folder/data" --mode immediate --silent >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit "$status"
}

# From the folder: `postgres` may not see where we stand.
as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$folder" && exec runuser -u postgres -- "$@")
  else
    (cd "$folder" && exec "$@")
  fi
}

main "$@"
