# shellcheck shell=bash
# Processes that outlive a shell, known by a pid file that says which process
# is meant: "PID START BOOT", START being its start time in ticks since boot
# (field 22 of /proc/PID/stat), BOOT the boot's id. A recycled pid, or one from
# before a reboot, is thus never signalled. Needs output.sh.

process_start() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command in parentheses may itself hold blanks and parentheses.
  stat=${stat##*) }
  # shellcheck disable=SC2086 # the fields are split on purpose
  set -- $stat
  # A zombie has ended.
  [[ $1 != Z ]] || return 1
  printf '%s\n' "${20}"
}

# record_process FILE PID
record_process() {
  local start
  start=$(process_start "$2") || return 1
  printf '%s %s %s\n' "$2" "$start" "$(</proc/sys/kernel/random/boot_id)" >"$1.new"
  mv -f "$1.new" "$1"
}

# recorded_pid FILE: the pid, if that very process still runs.
recorded_pid() {
  local pid start boot
  [[ -s $1 ]] && read -r pid start boot <"$1" || return 1
  [[ $boot == "$(</proc/sys/kernel/random/boot_id)" && $(process_start "$pid") == "$start" ]] || return 1
  printf '%s\n' "$pid"
}

# start_process FILE LOG COMMAND...: in the background, in a session of its own
# (Ctrl-C in the terminal does not reach it) and without our descriptors.
# Call it directly, not in a subshell, where the caller wants to `wait` for it.
start_process() {
  local file=$1 log=$2
  shift 2
  # Every descriptor above 2 would keep a lock or a pipe of ours alive.
  (
    local fd
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      if ((fd > 2)); then eval "exec $fd>&-"; fi
    done
    exec setsid "$@"
  ) >>"$log" 2>&1 </dev/null &
  STARTED_PID=$!
  record_process "$file" "$STARTED_PID"
}

# stop_process FILE NAME [SIGNAL [SECONDS]]: asks, waits, then kills and says so.
stop_process() {
  local file=$1 name=$2 signal=${3:-TERM} seconds=${4:-45} pid waited=0
  if pid=$(recorded_pid "$file"); then
    kill -s "$signal" "$pid" 2>/dev/null || true
    while recorded_pid "$file" >/dev/null; do
      if ((waited++ >= seconds * 20)); then
        warn "$name (process $pid) did not stop within $seconds s, killing it"
        kill -s KILL "$pid" 2>/dev/null || true
        waited=0
        while recorded_pid "$file" >/dev/null && ((waited++ < 100)); do sleep 0.05; done
        break
      fi
      sleep 0.05
    done
  fi
  rm -f -- "$file"
}
