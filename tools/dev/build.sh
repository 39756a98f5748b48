# shellcheck shell=bash
# Builds the C++ and Go programs with CMake and Ninja. Needs output.sh, paths.sh.

# build LOG [TARGET...]: builds the given targets, or all targets, and prints its
# progress every 20 seconds. The build runs in a session of its own, so that
# stop_build ends all of its processes.
BUILD_PID=""
build() {
  local log=$1 last="" line
  shift
  mkdir -p "$(dirname "$log")"
  setsid "$ROOT/tools/dev/compile.sh" "$@" >"$log" 2>&1 </dev/null &
  BUILD_PID=$!
  local ticks=0 status=0
  while kill -0 "$BUILD_PID" 2>/dev/null; do
    sleep 0.2
    if ((++ticks % 100 == 0)); then
      line=$(tail -n 1 "$log" | cut -c1-100)
      if [[ $line != "$last" ]]; then say "  $line"; else say "  still building"; fi
      last=$line
    fi
  done
  wait "$BUILD_PID" || status=$?
  BUILD_PID=""
  if ((status)); then
    warn "error: the build failed"
    grep -m1 -A12 -E '^FAILED:|error:|CMake Error' "$log" | sed 's/^/  | /' >&2 || true
    show_log_end "$log"
    return 1
  fi
}

stop_build() {
  if [[ -n $BUILD_PID ]]; then kill -TERM -- "-$BUILD_PID" 2>/dev/null || true; fi
}
