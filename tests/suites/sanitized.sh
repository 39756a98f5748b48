# shellcheck shell=bash
# What the suites asan and tsan share. Needs common.sh.

# run_sanitized NAME: runs the unit tests and the integration tests of the build
# build/NAME; in the short form, the unit tests only.
run_sanitized() {
  BUILD=$ROOT/build/$1
  local status=0 targets=(unit_tests)
  if [[ ${SUITE_FORM:-full} == full ]]; then targets+=(integration_tests); fi
  build_sanitized "$1" "${targets[@]}"
  say "== unit tests"
  "$BUILD/unit_tests" --gtest_output="xml:$RESULTS/unit.xml" || status=$?
  if [[ ${SUITE_FORM:-full} == full ]]; then
    say "== integration tests"
    make_database
    run_integration_tests "$1" || status=$?
  fi
  return "$status"
}
