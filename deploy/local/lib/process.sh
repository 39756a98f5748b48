# shellcheck shell=bash
# Background processes, each identified by a pid file. Its content is "PID START
# BOOT": START is the start time in ticks since boot (field 22 of /proc/PID/stat),
# BOOT is the boot id. This prevents a signal to another process that has the same
# pid, also after a reboot. Needs output.sh.

# process_start PID: prints the start time; returns 1 if the process has ended.
process_start() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command name, in parentheses, may contain blanks and parentheses.
  stat=${stat##*) }
  # shellcheck disable=SC2086 # the fields are split on purpose
  set -- $stat
  # A zombie has ended.
  [[ $1 != Z ]] || return 1
  printf '%s\n' "${20}"
}

# record_process FILE PID: writes the pid file; returns 1 if the process has ended.
record_process() {
  local start
  start=$(process_start "$2") || return 1
  printf '%s %s %s\n' "$2" "$start" "$(</proc/sys/kernel/random/boot_id)" >"$1.new"
  mv -f "$1.new" "$1"
}

# recorded_pid FILE: prints the pid, or returns 1 if that process has ended.
recorded_pid() {
  local pid start boot
  [[ -s $1 ]] && read -r pid start boot <"$1" || return 1
  [[ $boot == "$(</proc/sys/kernel/random/boot_id)" && $(process_start "$pid") == "$start" ]] || return 1
  printf '%s\n' "$pid"
}

# start_process FILE LOG COMMAND...: starts the command in the background and sets
# STARTED_PID. The process has a session of its own, so that Ctrl-C in the terminal
# does not reach it, and does not inherit file descriptors. To `wait` for it, do not
# call start_process in a subshell.
start_process() {
  local file=$1 log=$2
  shift 2
  # An inherited descriptor would keep a lock or a pipe of this script open.
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

# stop_process FILE NAME [SIGNAL [SECONDS]]: sends the signal and waits for the
# process to end. After SECONDS, prints a warning and sends SIGKILL.
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
