# shellcheck shell=bash
# TCP ports on this machine, from /proc, so that no tool is needed.

# listening_inode PORT: the socket that would keep 127.0.0.1:PORT from being
# bound (itself, or a wildcard address); fails when there is none.
listening_inode() {
  local hex
  printf -v hex '%04X' "$1"
  # Read whole: an early exit would leave the reader before it a broken pipe.
  awk -v port="$hex" '
    $4 == "0A" && !inode {
      split($2, a, ":")
      if (a[2] == port && (a[1] == "0100007F" || a[1] ~ /^0+$/ ||
                           a[1] == "0000000000000000FFFF00000100007F")) inode = $10
    }
    END { if (inode) print inode; exit !inode }' <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

# port_holder INODE: "NAME (process PID)", or nothing when it cannot be seen
# (another user's process, another container's).
port_holder() {
  local link pid
  link=$(find /proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null) || true
  [[ -n $link ]] || return 0
  pid=${link#/proc/}
  pid=${pid%%/*}
  printf '%s (process %s)\n' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
}

# require_free_port PORT FLAG WHAT
require_free_port() {
  local port=$1 flag=$2 what=$3 inode holder
  if ! inode=$(listening_inode "$port"); then return 0; fi
  holder=$(port_holder "$inode")
  warn "error: port $port, meant for $what, is taken${holder:+ by $holder}; free it, or choose another with $flag PORT"
  return 1
}

# free_ports COUNT: as many different free ports, one a line, below the range
# that the kernel gives to outgoing connections. tests/run gives each suite a
# part of that range, so that two of them do not choose the same port.
free_ports() {
  local count=$1 port
  local -A given=()
  while ((count > 0)); do
    port=$((${TEST_PORTS_FIRST:-20000} + (RANDOM * 32768 + RANDOM) % ${TEST_PORTS_COUNT:-12000}))
    [[ -z ${given[$port]:-} ]] || continue
    if ! listening_inode "$port" >/dev/null; then
      given[$port]=1
      printf '%s\n' "$port"
      count=$((count - 1))
    fi
  done
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)); }
