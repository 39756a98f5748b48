# shellcheck shell=bash
# Runs REST tests against a system of deploy/local/up. Needs common.sh.
# shellcheck disable=SC2153 # common.sh sets ROOT, WORK and LOGS
# shellcheck source=deploy/local/lib/ports.sh
source "$ROOT/deploy/local/lib/ports.sh"

# run_rest_tests NAME [FLAG...] -- TEST...: starts a system with more flags of `up`, and a
# second database, which tests may stop; runs tests, and writes their report to NAME.xml.
# To run some of them: PYTEST_ARGUMENTS="-k 'outage or drain' -x"
run_rest_tests() {
  local name=$1
  local -a flags=() more=() ports
  shift
  while [[ $1 != -- ]]; do
    flags+=("$1")
    shift
  done
  shift
  # deploy/local/up does not build: tests/run has built the programs.
  export DATA_SERVICE_BIN=${DATA_SERVICE_BIN:-$BUILD}
  export DATA_SERVICE_STATE=$WORK/state
  on_exit "'$ROOT/deploy/local/down' --purge"
  # Keeps the logs, because the state folder is deleted.
  on_exit "mkdir -p '$LOGS/$name'; cp -r '$WORK/state/log/.' '$LOGS/$name/'"
  mapfile -t ports < <(free_ports 3)
  "$ROOT/deploy/local/up" --detach "${flags[@]}" --http_port "${ports[0]}" --grpc_port "${ports[1]}" --pg_port "${ports[2]}"
  make_database
  eval "more=(${PYTEST_ARGUMENTS:-})"
  "$PYTHON" -m pytest "$@" --junitxml="$RESULTS/$name.xml" -p no:cacheprovider \
    -v --timeout=180 --durations=10 "${more[@]}"
  refuse_planted "$DATA_SERVICE_STATE"/log/{server,gateway}.log "$OWN_SYSTEM_LOGS"
}
