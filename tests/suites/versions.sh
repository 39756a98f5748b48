# shellcheck shell=bash
# Runs tests on a PostgreSQL other than Debian's. Needs common.sh.
# shellcheck disable=SC2153 # common.sh sets ROOT and WORK
# shellcheck source=tools/dev/toolchain.sh
source "$ROOT/tools/dev/toolchain.sh"

# reachable_postgres MAJOR: prints the folder of that version's programs and installs
# them if necessary. If the cluster's user, who is not root, cannot read .deps, it is
# a copy in WORK.
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

# on_postgres MAJOR COMMAND...: creates a database of that version and runs the command
# with TEST_DATABASE_* set. POSTGRES_BIN is set for commands that create a cluster
# themselves.
on_postgres() {
  local status=0 state=$WORK/database
  say "PostgreSQL $1"
  # errexit has no effect if the caller checks the status, hence `|| return`.
  POSTGRES_BIN=$(reachable_postgres "$1") || return
  export POSTGRES_BIN
  "$ROOT/tests/database" create "$state" || return
  eval "$("$ROOT/tests/database" env "$state")"
  "${@:2}" || status=$?
  "$ROOT/tests/database" remove "$state"
  return "$status"
}
