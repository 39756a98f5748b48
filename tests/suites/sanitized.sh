# shellcheck shell=bash
# What the suites asan and tsan share. Needs common.sh.

# run_sanitized NAME: runs the unit tests and the integration tests of the build
# build/NAME. A run of all suites has the unit tests only: the compilation of the
# integration tests by Clang takes longer than all that they do.
run_sanitized() {
  BUILD=$ROOT/build/$1
  local status=0
  build_sanitized "$1" unit_tests
  say "== unit tests"
  "$BUILD/unit_tests" --gtest_output="xml:$RESULTS/unit.xml" || status=$?
  if [[ ${SUITE_FORM:-full} == short ]]; then return "$status"; fi
  build_sanitized "$1" integration_tests
  say "== integration tests"
  make_database
  run_integration_tests "$1" || status=$?
  return "$status"
}
