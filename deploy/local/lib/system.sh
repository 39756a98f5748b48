# shellcheck shell=bash
# The local deployment: its state folder, server and gateway. Needs output.sh,
# paths.sh, process.sh, ports.sh, postgres.sh, tls.sh. What starts something needs
# SERVICE, the name of the service.
#   STATE/lock        locked while deploy/local/up runs
#   STATE/ready       the ports, and whether TLS is on; exists once the system is ready
#   STATE/contract    the service that runs, and the digest of its contract
#   STATE/*.pid       up, postgres, server, gateway
#   STATE/log/        a log for each; *.1 is the log of the previous run
#   STATE/secrets/    see postgres.sh
#   STATE/tls/        see tls.sh

# Tests set a state folder of their own, and may set the folder of the programs.
# shellcheck disable=SC2034 # used by the scripts that source this file
STATE=${DATA_SERVICE_STATE:-$ROOT/deploy/local/.state}
BINARIES=${DATA_SERVICE_BIN:-$BUILD}

# contract_digest: prints the name of the service and the digest of the contract that `up`
# would serve now. It covers the files that define the contract, or, if DATA_SERVICE_BIN
# is set, the schema tool in that folder.
contract_digest() {
  printf '%s ' "$SERVICE"
  if [[ -n ${DATA_SERVICE_BIN:-} ]]; then
    sha256sum <"$BINARIES/$SERVICE-schema" | cut -d ' ' -f 1
  else
    (cd "$ROOT" && find CMakeLists.txt proto -type f -print0 | sort -z | xargs -0 sha256sum) | sha256sum | cut -d ' ' -f 1
  fi
}

make_state_folder() {
  mkdir -p "$1/log"
  # Mode 711 lets the user postgres reach its cluster.
  chmod 711 "$1"
  chmod 700 "$1/log"
}

# wait_until SECONDS PIDFILE COMMAND...: waits until the command succeeds. Returns 1
# after SECONDS, or as soon as the process has ended.
wait_until() {
  local ticks=$(($1 * 20)) file=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    recorded_pid "$file" >/dev/null || return 1
    if ((ticks-- <= 0)); then return 1; fi
    sleep 0.05
  done
}

# start_part STATE NAME CHECK... -- COMMAND...: starts the process and waits until
# the command CHECK succeeds. On failure, prints an error and returns 1.
start_part() {
  local state=$1 name=$2 log=$1/log/$2.log
  local -a check=()
  shift 2
  while [[ $1 != -- ]]; do
    check+=("$1")
    shift
  done
  shift
  if [[ -e $log ]]; then mv -f "$log" "$log.1"; fi
  if ! start_process "$state/$name.pid" "$log" "$@" ||
    ! wait_until 60 "$state/$name.pid" "${check[@]}"; then
    if recorded_pid "$state/$name.pid" >/dev/null; then
      warn "error: the $name is not ready after a minute"
    else
      warn "error: the $name did not start"
    fi
    show_log_end "$log"
    return 1
  fi
}

# ready_value STATE NAME: prints a value of STATE/ready.
ready_value() { sed -n "s/^$2=//p" "$1/ready"; }

# start_server STATE GRPC_PORT PG_PORT TLS: returns when the server listens.
start_server() {
  local -a flags=()
  if (($4)); then mapfile -t flags < <(server_tls_flags "$1"); fi
  start_part "$1" server listening_inode "$2" -- \
    "$BINARIES/$SERVICE-server" --grpc_address "127.0.0.1:$2" \
    --database "$(connection_uri "$1" "$3" bookstore_app)" \
    --page_token_key_file "$1/secrets/page_token_key" "${flags[@]}"
}

# start_gateway STATE HTTP_PORT GRPC_PORT TLS: returns when the gateway reaches the
# server and the server reaches the database.
start_gateway() {
  local -a flags=() call
  if (($4)); then mapfile -t flags < <(gateway_tls_flags "$1"); fi
  mapfile -t call < <(curl_command "$1" "$4")
  start_part "$1" gateway "${call[@]}" --noproxy '*' -fsS -m 5 "$(rest_url "$2" "$4")/readyz" -- \
    "$BINARIES/$SERVICE-gateway" --http_address "127.0.0.1:$2" --grpc_target "127.0.0.1:$3" "${flags[@]}"
}

# rest_url HTTP_PORT TLS: prints the URL of the gateway.
rest_url() { printf '%s://127.0.0.1:%s\n' "$( (($2)) && printf https || printf http)" "$1"; }

# curl_command STATE TLS: prints the words of the command that calls the gateway, one a line.
curl_command() {
  printf 'curl\n'
  if (($2)); then printf '%s\n' --cacert "$(tls_folder "$1")/ca.crt"; fi
}

# stop_system STATE: stops the running processes in reverse order.
stop_system() {
  rm -f -- "$1/ready" "$1/contract"
  stop_process "$1/gateway.pid" "the gateway"
  stop_process "$1/server.pid" "the server"
  stop_cluster "$1"
}

# show_addresses STATE: prints the addresses and some example commands.
show_addresses() {
  local http_port grpc_port pg_port tls folder url
  local -a call options=(-plaintext)
  # shellcheck disable=SC1091
  source "$1/ready"
  url=$(rest_url "$http_port" "$tls")
  mapfile -t call < <(curl_command "$1" "$tls")
  if ((tls)); then
    folder=$(tls_folder "$1")
    options=(-cacert "$folder/ca.crt" -cert "$folder/client.crt" -key "$folder/client.key")
  fi
  cat <<TEXT

  REST  $url
  gRPC  127.0.0.1:$grpc_port$( ((tls)) && printf ' (mutual TLS)')

Try:
$(try_collection "$url" "${call[@]}")
  $(grpcurl_command)$(printf ' %q' "${options[@]}") 127.0.0.1:$grpc_port list
  psql '$(connection_uri "$1" "$pg_port" bookstore_reader)'

TEXT
}

# try_collection URL CURL...: prints a command that lists the contract's first
# collection and, for the bookstore, one that creates a book. CURL is the command to use.
try_collection() {
  local url=$1 path command
  shift
  path=$("$@" --noproxy '*' -fsS -m 5 "$url/openapi.json" |
    jq -r '[.paths | keys[] | select(contains("{") or IN("/healthz", "/readyz", "/openapi.json", "/openapi-3.1.json") | not)][0]') || return 0
  command=$(printf '%q ' "$@")
  printf '  %s%s%s\n' "$command" "$url" "$path"
  [[ $path == /book ]] || return 0
  printf "  %s-X PUT %s/book -H 'Content-Type: application/json' \\\\\n" "$command" "$url"
  printf '    -d %s\n' "'{\"title\":\"Emma\",\"author\":\"Jane Austen\",\"publisher\":\"John Murray\",\"year\":1815}'"
}

# grpcurl_command: prints the path of the grpcurl that deploy/local/setup installed,
# or else its plain name.
grpcurl_command() {
  if [[ -x $DEPS/bin/grpcurl ]]; then
    printf '%s\n' "${DEPS#"$PWD"/}/bin/grpcurl"
  else
    printf 'grpcurl\n'
  fi
}
