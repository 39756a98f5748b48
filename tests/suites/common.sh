# shellcheck shell=bash
# Set-up that all suites share. tests/run sets RESULTS, the folder for the reports
# that tally.py reads, and WORK, a temporary folder. To run a suite by hand:
#   RESULTS=/tmp/r WORK=/tmp/w tests/suites/lint
set -euo pipefail
# shellcheck source=tools/dev/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/dev/paths.sh"
# shellcheck source=tools/dev/output.sh
source "$ROOT/tools/dev/output.sh"

: "${RESULTS:?the folder for the reports}" "${WORK:?a temporary folder}"
LOGS=${LOGS:-$ROOT/build/log}
mkdir -p "$RESULTS" "$WORK"
# shellcheck disable=SC2034 # used by the suites that source this file
PYTHON=$DEPS/venv/bin/python
# System of tests/rest/running.py writes a log for each system that a test starts.
export OWN_SYSTEM_LOGS=$LOGS/${0##*/}_systems
rm -rf -- "$OWN_SYSTEM_LOGS"
# The machine's configuration must not affect a test.
unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS
export NO_PROXY='*' no_proxy='*' PYTHONDONTWRITEBYTECODE=1

# on_exit COMMAND: runs the command when the suite ends, also by Ctrl-C. The commands
# run in reverse order.
EXIT_COMMANDS=()
on_exit() { EXIT_COMMANDS=("$*" "${EXIT_COMMANDS[@]}"); }
run_exit_commands() {
  local status=$? command
  trap '' INT TERM HUP
  set +e
  for command in "${EXIT_COMMANDS[@]}"; do eval "$command"; done
  exit "$status"
}
trap run_exit_commands EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# refuse_planted LOG...: fails if a log contains the marker value that tests put into requests.
# LOG may be a folder of logs.
refuse_planted() {
  local found
  if found=$(grep -srHnF -m 3 -e planted-4f1c9a -- "$@"); then
    printf '%s\n' "${found:0:2000}" >&2
    die "a log contains values of requests"
  fi
}

# run_integration_tests NAME [OPTION...]: runs the tests and writes their report to
# NAME.xml. The log, standard error, also contains the log of the servers in the tests.
run_integration_tests() {
  local log=$LOGS/integration/$1.log
  mkdir -p "$LOGS/integration"
  "$BUILD/integration_tests" --gtest_output="xml:$RESULTS/$1.xml" "${@:2}" 2>"$log" || {
    show_log_end "$log"
    return 1
  }
  refuse_planted "$log"
}

# build_sanitized address|thread TARGET...: builds the targets with a sanitizer, in
# build/address or build/thread, which suites that run at the same time share.
build_sanitized() {
  mkdir -p "$ROOT/build"
  flock "$ROOT/build/$1.lock" "$ROOT/tools/dev/compile.sh" --sanitizer "$@" 8>&- 9>&- || die "the build with sanitizers failed"
}

# make_database: creates a private PostgreSQL and exports TEST_DATABASE_*.
make_database() {
  DATABASE=$WORK/database
  on_exit "'$ROOT/tests/database' remove '$DATABASE'"
  "$ROOT/tests/database" create "$DATABASE"
  eval "$("$ROOT/tests/database" env "$DATABASE")"
}
