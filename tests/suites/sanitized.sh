# shellcheck shell=bash
# What the suites asan and tsan share. Needs common.sh.

# run_sanitized NAME: runs the unit tests and the integration tests of the build
# build/NAME; in the short form, through PgBouncer.
run_sanitized() {
  BUILD=$ROOT/build/$1
  local status=0 options=()
  build_sanitized "$1" unit_tests integration_tests
  say "== unit tests"
  "$BUILD/unit_tests" --gtest_output="xml:$RESULTS/unit.xml" || status=$?
  say "== integration tests"
  if [[ ${SUITE_FORM:-full} == short ]]; then
    make_pooled_database
    options=("$POOLED_TESTS")
  else
    make_database
  fi
  run_integration_tests "$1" "${options[@]}" || status=$?
  return "$status"
}
