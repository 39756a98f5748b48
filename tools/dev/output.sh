# shellcheck shell=bash
# Output of the scripts: progress, warnings, errors, and the end of a log file.

STEP=0
STEPS=0

say() { printf '%s\n' "$*"; }

warn() { printf '%s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step TEXT: prints "[3/7] TEXT". The script sets STEPS, the number of steps.
step() {
  STEP=$((STEP + 1))
  say "[$STEP/$STEPS] $*"
}

# show_log_end FILE [LINES]: prints the last lines of a log file, indented.
show_log_end() {
  local file=$1 lines=${2:-20}
  if [[ ! -s $file ]]; then
    warn "  (its log, $file, is empty)"
    return
  fi
  warn "  last lines of $file:"
  tail -n "$lines" -- "$file" | sed 's/^/  | /' >&2
}

# logged FILE NAME COMMAND...: runs the command and writes its output to FILE. If
# it fails, prints NAME and the end of the log, and exits. Do not call it in a
# condition (if, ||, &&): bash ignores errexit there, and a function would continue
# after its first failing command.
logged() {
  local file=$1 name=$2 status
  shift 2
  set +e
  (
    set -e
    "$@"
  ) >"$file" 2>&1 </dev/null
  status=$?
  set -e
  if ((status)); then
    warn "error: $name failed"
    show_log_end "$file"
    exit 1
  fi
}
