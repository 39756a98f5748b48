# shellcheck shell=bash
# What the scripts say: steps, complaints, and the end of a log.

STEP=0
STEPS=0

say() { printf '%s\n' "$*"; }

warn() { printf '%s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step TEXT: "[3/7] TEXT". STEPS is set by the script.
step() {
  STEP=$((STEP + 1))
  say "[$STEP/$STEPS] $*"
}

# show_log_end FILE [LINES]: the last lines of a log, indented.
show_log_end() {
  local file=$1 lines=${2:-20}
  if [[ ! -s $file ]]; then
    warn "  (its log, $file, is empty)"
    return
  fi
  warn "  last lines of $file:"
  tail -n "$lines" -- "$file" | sed 's/^/  | /' >&2
}

# logged FILE NAME COMMAND...: runs the command with its output in FILE; when
# it fails, names it, shows the end of the log and exits. Call it as a plain
# command: in a condition (if, ||, &&) bash would not stop a function at its
# first failing line.
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
