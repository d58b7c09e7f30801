#!/bin/sh
# Runs a command with TEST_POSTGRES_URL of a PostgreSQL of its own, which is gone afterwards:
#   libs/service-kit/peers/with-postgres.sh npm run test:peers
# Needs PostgreSQL's server programs (Debian: apt-get install postgresql); POSTGRES_BIN names their folder.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: $0 COMMAND [ARGUMENT…]" >&2
  exit 2
fi
bin=${POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)}
if [ ! -x "$bin/initdb" ]; then
  echo "with-postgres: no PostgreSQL server found; install it (Debian: apt-get install postgresql) or set POSTGRES_BIN." >&2
  exit 1
fi

folder=$(mktemp -d /tmp/with-postgres.XXXXXX)
# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd /tmp && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); else "$@"; fi
}
stop() {
  as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

[ "$(id -u)" -eq 0 ] && chown postgres:postgres "$folder"
as_postgres "$bin/initdb" -D "$folder/data" -U tester -A trust --no-sync >"$folder/initdb.log"

# A port that is free now may be taken a moment later, hence the attempts.
attempt=1
while :; do
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  if as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -o "-p $port -h 127.0.0.1 -k $folder" start >/dev/null; then break; fi
  if [ "$attempt" -ge 5 ]; then
    cat "$folder/data/server.log" >&2
    exit 1
  fi
  attempt=$((attempt + 1))
done

TEST_POSTGRES_URL="postgres://tester@127.0.0.1:$port/postgres" "$@"
