# shellcheck shell=bash
# A private certificate authority for this machine, with a certificate for each part.
# Needs output.sh. The first argument of each function is the state folder:
#   STATE/tls/ca.crt, ca.key                 the authority
#   STATE/tls/{server,gateway,client}.crt    certificates for localhost and 127.0.0.1, with
#   STATE/tls/{server,gateway,client}.key    the identity spiffe://local/NAME; their keys
# All files have mode 0600, and the folder 0700.

TLS_PARTS=(server gateway client)

tls_folder() { printf '%s/tls\n' "$1"; }

# tls_identity NAME: prints the identity in the certificate of a part.
tls_identity() { printf 'spiffe://local/%s\n' "$1"; }

# is_current CERTIFICATE: returns 0 if it exists and is valid for another 30 days.
is_current() { [[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend $((30 * 86400)) >/dev/null 2>&1; }

# new_certificate FILE NAME DAYS OPTION...: makes FILE.crt and FILE.key, with more options
# of `openssl req`. The key is replaced first: a program that reads the pair between
# the two keeps its old one.
new_certificate() {
  local file=$1 name=$2 days=$3
  shift 3
  # Without a configuration of its own, openssl adds the extensions of an authority.
  openssl req -x509 -config <(printf '[req]\ndistinguished_name = name\n[name]\n') -subj "/CN=$name" -days "$days" \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -keyout "$file.key.new" -out "$file.crt.new" "$@"
  mv -f "$file.key.new" "$file.key"
  mv -f "$file.crt.new" "$file.crt"
}

# make_certificates STATE: makes what is missing or expires soon.
make_certificates() (
  local folder name
  folder=$(tls_folder "$1")
  umask 077
  mkdir -p "$folder"
  if ! is_current "$folder/ca.crt"; then
    new_certificate "$folder/ca" "data service on this machine" 3650 \
      -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
    for name in "${TLS_PARTS[@]}"; do rm -f -- "$folder/$name.crt"; done
  fi
  for name in "${TLS_PARTS[@]}"; do
    if is_current "$folder/$name.crt"; then continue; fi
    new_certificate "$folder/$name" "$name" 365 -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
      -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
      -addext extendedKeyUsage=serverAuth,clientAuth \
      -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,URI:$(tls_identity "$name")"
  done
)

# server_tls_flags STATE: prints the flags of a server that requires client certificates,
# one a line. The gateway may speak for its callers, who need no token.
server_tls_flags() {
  local folder
  folder=$(tls_folder "$1")
  printf '%s\n' --tls_certificate "$folder/server.crt" --tls_key "$folder/server.key" --tls_client_ca "$folder/ca.crt" \
    --trusted_forwarder "$(tls_identity gateway)" --require_identity false
}

# gateway_tls_flags STATE: prints the flags of a gateway that serves HTTPS and calls that
# server, one a line.
gateway_tls_flags() {
  local folder
  folder=$(tls_folder "$1")
  printf '%s\n' --tls_certificate "$folder/gateway.crt" --tls_key "$folder/gateway.key" \
    --grpc_tls_ca "$folder/ca.crt" --grpc_tls_certificate "$folder/gateway.crt" --grpc_tls_key "$folder/gateway.key"
}
