# shellcheck shell=bash
# Tests on another PostgreSQL than Debian's. Needs common.sh.
# shellcheck disable=SC2153 # ROOT and WORK are common.sh's
# shellcheck source=tools/dev/toolchain.sh
source "$ROOT/tools/dev/toolchain.sh"

# reachable_postgres MAJOR: its programs' folder, fetched where it is missing; a
# copy in WORK where the cluster's user, who is not root, cannot enter .deps.
reachable_postgres() {
  local bin copy=$WORK/postgres-$1
  install_postgres "$1" >&2
  bin=$(fetched_postgres_bin "$1")
  if ((EUID == 0)) && ! setpriv --reuid=postgres --regid=postgres --init-groups test -x "$bin/postgres"; then
    if [[ ! -d $copy ]]; then cp -r "$DEPS/postgres/$1" "$copy"; fi
    bin=$copy/bin
  fi
  printf '%s\n' "$bin"
}

# on_postgres MAJOR COMMAND...: runs it with TEST_DATABASE_* of a database of that
# version, and POSTGRES_BIN for those who make one themselves.
on_postgres() {
  local status=0 state=$WORK/database
  say "PostgreSQL $1"
  # Who wants the status of a test has no errexit.
  POSTGRES_BIN=$(reachable_postgres "$1") || return
  export POSTGRES_BIN
  "$ROOT/tests/database" create "$state" || return
  eval "$("$ROOT/tests/database" env "$state")"
  "${@:2}" || status=$?
  "$ROOT/tests/database" remove "$state"
  return "$status"
}
