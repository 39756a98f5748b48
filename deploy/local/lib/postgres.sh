# shellcheck shell=bash
# A private PostgreSQL cluster, with roles and database. Needs output.sh,
# process.sh. The first argument of each function is the state folder:
#   STATE/secrets/pgpass    a line for each role, with a random password; mode 0600
#   STATE/postgres.pid      see process.sh
#   STATE/postgres.bin      the folder of the programs, if POSTGRES_BIN was set when
#                           the cluster was created
#   STATE/cluster/          data and log. If the cluster's user cannot reach STATE,
#                           a folder in /var/tmp is used (see cluster_folder)
# The cluster listens on 127.0.0.1 only, has no Unix socket (its path is limited to
# 107 characters), and requires a password for every role.

DATABASE_ROLES=(bookstore_owner bookstore_app bookstore_reader)
DATABASE_NAME=bookstore

# The command prefix that runs a program as the cluster's user (PostgreSQL and
# PgBouncer refuse to run as root). Each part executes the next in the same process.
AS_DATABASE_USER=(env --chdir=/ LC_ALL=C.UTF-8)
if ((EUID == 0)); then
  AS_DATABASE_USER=(setpriv --reuid=postgres --regid=postgres --init-groups "${AS_DATABASE_USER[@]}" HOME=/)
fi

# cluster_fallback STATE: prints the folder to use if the cluster's user cannot reach
# STATE.
cluster_fallback() {
  printf '/var/tmp/data-service-%s-%s\n' "$EUID" "$(printf '%s' "$1" | sha256sum | cut -c1-16)"
}

# cluster_folder STATE: prints the folder of the cluster, which need not exist yet.
cluster_folder() {
  local fallback
  fallback=$(cluster_fallback "$1")
  if [[ -d $1/cluster/data ]] || { [[ ! -d $fallback/data ]] && "${AS_DATABASE_USER[@]}" test -x "$1"; }; then
    printf '%s\n' "$1/cluster"
  else
    printf '%s\n' "$fallback"
  fi
}

# installed_postgres_bin [DATA]: prints the folder of an installed PostgreSQL's
# programs, of the version that created DATA or else of the newest version.
installed_postgres_bin() {
  local version
  if [[ -n ${1:-} && -e $1/PG_VERSION ]]; then
    version=$(<"$1/PG_VERSION")
    [[ -x /usr/lib/postgresql/$version/bin/postgres ]] ||
      die "the cluster $1 was created by PostgreSQL $version, which is not installed: run apt-get install postgresql-$version (or deploy/local/down --purge, which deletes its data)"
  else
    version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -V | tail -1)
    [[ -n $version ]] || die "PostgreSQL is not installed; deploy/local/setup installs it"
  fi
  printf '/usr/lib/postgresql/%s/bin\n' "$version"
}

# postgres_bin STATE DATA: prints the folder of the cluster's programs.
postgres_bin() {
  if [[ -s $1/postgres.bin ]]; then
    printf '%s\n' "$(<"$1/postgres.bin")"
  else
    installed_postgres_bin "$2"
  fi
}

random_hex() { od -An -vtx1 -N "$1" /dev/urandom | tr -d ' \n'; }

# make_secrets STATE: creates the passwords and the page token key if they do not
# exist.
make_secrets() {
  local secrets=$1/secrets role
  mkdir -p "$secrets"
  chmod 700 "$secrets"
  if [[ ! -s $secrets/pgpass ]]; then
    (
      umask 077
      for role in postgres "${DATABASE_ROLES[@]}"; do
        printf '127.0.0.1:*:*:%s:%s\n' "$role" "$(random_hex 24)"
      done >"$secrets/pgpass.new"
    )
    mv "$secrets/pgpass.new" "$secrets/pgpass"
  fi
  if [[ ! -s $secrets/page_token_key ]]; then
    (umask 077 && random_hex 32 >"$secrets/page_token_key.new")
    mv "$secrets/page_token_key.new" "$secrets/page_token_key"
  fi
}

password_of() { awk -F: -v role="$2" '$4 == role { print $5 }' "$1/secrets/pgpass"; }

# make_cluster STATE: creates the cluster if it does not exist. If POSTGRES_BIN is
# set, it names the folder of the programs to use instead of an installed
# PostgreSQL. The folder must hold initdb and postgres, and the cluster's user must
# be able to reach it.
make_cluster() {
  local state=$1 folder data bin password_file
  chmod 711 "$state"
  folder=$(cluster_folder "$state")
  data=$folder/data
  if [[ -e $data/PG_VERSION ]]; then
    [[ -s $state/secrets/pgpass ]] ||
      die "$data exists, but its passwords ($state/secrets/pgpass) do not; deploy/local/down --purge deletes the data"
    return
  fi
  make_secrets "$state"
  bin=${POSTGRES_BIN:-$(installed_postgres_bin)}
  "${AS_DATABASE_USER[@]}" test -x "$bin/postgres" || die "$bin/postgres cannot be executed by the cluster's user"
  mkdir -p "$folder"
  chmod 711 "$folder"
  [[ -O $folder && ! -L $folder ]] || die "$folder belongs to another user"
  # An interrupted initdb may have left these.
  rm -rf -- "$folder/data.new" "$folder/log"
  password_file=$folder/password
  rm -f -- "$password_file"
  (umask 077 && password_of "$state" postgres >"$password_file")
  mkdir -m 700 "$folder/data.new" "$folder/log"
  if ((EUID == 0)); then chown postgres:postgres "$folder/data.new" "$folder/log" "$password_file"; fi
  "${AS_DATABASE_USER[@]}" "$bin/initdb" --pgdata="$folder/data.new" --username=postgres --auth=scram-sha-256 \
    --pwfile="$password_file" --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  rm -f -- "$password_file" "$state/postgres.bin"
  if [[ -n ${POSTGRES_BIN:-} ]]; then printf '%s\n' "$bin" >"$state/postgres.bin"; fi
  mv "$folder/data.new" "$data"
}

cluster_log() { printf '%s/log/postgres.log\n' "$(cluster_folder "$1")"; }

# start_cluster STATE PORT [SETTING=VALUE...]: returns when the cluster accepts
# connections.
start_cluster() {
  local state=$1 port=$2 folder bin ready log setting waited=0
  local -a arguments
  shift 2
  folder=$(cluster_folder "$state")
  bin=$(postgres_bin "$state" "$folder/data")
  # Some distributions of the server do not include the client programs.
  ready=$bin/pg_isready
  if [[ ! -x $ready ]]; then ready=pg_isready; fi
  log=$folder/log/postgres.log
  arguments=(-D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
    -c password_encryption=scram-sha-256 -c logging_collector=off -c timezone=UTC -c log_timezone=UTC)
  for setting in "$@"; do arguments+=(-c "$setting"); done
  printf '%s\n' "$port" >"$state/postgres.port"
  start_process "$state/postgres.pid" "$log" "${AS_DATABASE_USER[@]}" "$bin/postgres" "${arguments[@]}" || return 1
  until "$ready" -q -h 127.0.0.1 -p "$port" -t 5; do
    recorded_pid "$state/postgres.pid" >/dev/null || return 1
    if ((waited++ > 1200)); then
      warn "PostgreSQL does not accept connections after 60 seconds"
      return 1
    fi
    sleep 0.05
  done
}

# stop_cluster STATE [SIGNAL]: INT closes connections and shuts down cleanly; QUIT
# stops without a shutdown, as a crash does.
stop_cluster() { stop_process "$1/postgres.pid" PostgreSQL "${2:-INT}" 60; }

# database_sql STATE [DATABASE]: runs the SQL of standard input as superuser.
database_sql() {
  PGPASSFILE=$1/secrets/pgpass psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 --tuples-only \
    --no-align "host=127.0.0.1 port=$(<"$1/postgres.port") user=postgres dbname=${2:-postgres} connect_timeout=10"
}

# make_roles STATE: creates the roles, the database and their privileges with
# deploy/local/lib/roles.sql. It can be repeated.
make_roles() {
  local state=$1 role
  {
    for role in "${DATABASE_ROLES[@]}"; do
      printf "\\\\set %s_password '%s'\n" "$role" "$(password_of "$state" "$role")"
    done
    cat "$ROOT/deploy/local/lib/roles.sql"
  } | database_sql "$state"
}

# connection_uri STATE PORT ROLE: prints a libpq URI. It contains the path of the
# password file instead of the password, which a process list would show.
connection_uri() {
  local path=$1/secrets/pgpass encoded="" i character
  for ((i = 0; i < ${#path}; i++)); do
    character=${path:i:1}
    case $character in
      [a-zA-Z0-9/._~-]) encoded+=$character ;;
      *) encoded+=$(printf '%s' "$character" | od -An -vtx1 | tr -d '\n' | sed 's/ /%/g') ;;
    esac
  done
  printf 'postgresql://%s@127.0.0.1:%s/%s?passfile=%s\n' "$3" "$2" "$DATABASE_NAME" "$encoded"
}

# remove_cluster STATE: deletes the data.
remove_cluster() {
  local fallback
  fallback=$(cluster_fallback "$1")
  rm -rf -- "$1/cluster"
  if [[ -d $fallback && -O $fallback && ! -L $fallback ]]; then rm -rf -- "$fallback"; fi
}
