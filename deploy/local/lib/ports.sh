# shellcheck shell=bash
# TCP ports on this machine. Reads /proc, so that no other tool is needed.

# listening_inode PORT: prints the inode of the socket that prevents a bind to
# 127.0.0.1:PORT (it listens on that address or on a wildcard address). Returns 1
# if the port is free.
listening_inode() {
  local hex
  printf -v hex '%04X' "$1"
  # Read to the end: an early exit would cause SIGPIPE in cat.
  awk -v port="$hex" '
    $4 == "0A" && !inode {
      split($2, a, ":")
      if (a[2] == port && (a[1] == "0100007F" || a[1] ~ /^0+$/ ||
                           a[1] == "0000000000000000FFFF00000100007F")) inode = $10
    }
    END { if (inode) print inode; exit !inode }' <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

# port_holder INODE: prints "NAME (process PID)", or nothing if the process is not
# visible (it belongs to another user or container).
port_holder() {
  local link pid
  link=$(find /proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null) || true
  [[ -n $link ]] || return 0
  pid=${link#/proc/}
  pid=${pid%%/*}
  printf '%s (process %s)\n' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
}

# require_free_port PORT FLAG SERVICE: prints an error and returns 1 if the port is
# in use. SERVICE is the service that needs it; FLAG selects another port.
require_free_port() {
  local port=$1 flag=$2 service=$3 inode holder
  if ! inode=$(listening_inode "$port"); then return 0; fi
  holder=$(port_holder "$inode")
  warn "error: port $port (for $service) is in use${holder:+ by $holder}; stop that process, or use $flag to choose another port"
  return 1
}

# free_ports COUNT: prints COUNT different free ports, one per line, below the
# kernel's range of ephemeral ports. tests/run assigns each suite a separate part of
# the range, so that two suites do not choose the same port; the first half of it is for
# tests/support/local.py.
free_ports() {
  local count=$1 port half=$((${TEST_PORTS_COUNT:-12000} / 2))
  local -A given=()
  while ((count > 0)); do
    port=$((${TEST_PORTS_FIRST:-20000} + half + (RANDOM * 32768 + RANDOM) % half))
    [[ -z ${given[$port]:-} ]] || continue
    if ! listening_inode "$port" >/dev/null; then
      given[$port]=1
      printf '%s\n' "$port"
      count=$((count - 1))
    fi
  done
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)); }
