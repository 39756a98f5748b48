# shellcheck shell=bash
# What every suite begins with. tests/run gives RESULTS, the folder for the
# reports that tally.py counts, and WORK, a short-lived folder; by hand:
#   RESULTS=/tmp/r WORK=/tmp/w tests/suites/lint
set -euo pipefail
# shellcheck source=tools/dev/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/dev/paths.sh"
# shellcheck source=tools/dev/output.sh
source "$ROOT/tools/dev/output.sh"

: "${RESULTS:?the folder for reports}" "${WORK:?a short-lived folder}"
LOGS=${LOGS:-$ROOT/build/log}
mkdir -p "$RESULTS" "$WORK"
# shellcheck disable=SC2034 # for those who source this
PYTHON=$DEPS/venv/bin/python
# Nothing of the machine's own configuration takes part in a test.
unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS
export NO_PROXY='*' no_proxy='*' PYTHONDONTWRITEBYTECODE=1

# What ends a suite, also Ctrl-C, runs on_exit's commands, last first.
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

# refuse_planted LOG...: the value that tests put into requests is in none of them.
refuse_planted() {
  local found
  if found=$(grep -sHnF -m 3 -e planted-4f1c9a -- "$@"); then
    printf '%s\n' "${found:0:2000}" >&2
    die "a log has values of requests"
  fi
}

# run_integration_tests NAME [OPTION...]: the servers in them log to standard error.
run_integration_tests() {
  local log=$LOGS/integration/$1.log
  mkdir -p "$LOGS/integration"
  "$BUILD/integration_tests" --gtest_output="xml:$RESULTS/$1.xml" "${@:2}" 2>"$log" || {
    show_log_end "$log"
    return 1
  }
  refuse_planted "$log"
}

# make_database: a private PostgreSQL, TEST_DATABASE_* exported.
make_database() {
  DATABASE=$WORK/database
  on_exit "'$ROOT/tests/database' remove '$DATABASE'"
  "$ROOT/tests/database" create "$DATABASE"
  eval "$("$ROOT/tests/database" env "$DATABASE")"
}
