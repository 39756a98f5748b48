#!/usr/bin/env bash
# apt_install.sh PACKAGE...: run as root. Installs packages and lets none of
# them start a service: PostgreSQL's default cluster is not made, and PgBouncer
# is not started (nor at the next boot).
set -euo pipefail

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
made=()
finish() {
  if ((${#made[@]})); then rm -f -- "${made[@]}"; fi
}
trap finish EXIT

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

had_pgbouncer=0
if installed pgbouncer; then had_pgbouncer=1; fi
if ! [[ -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  made+=("$policy")
fi
# An existing cluster is not touched by this: the file counts only when the
# package makes its first one.
if ! [[ -e $no_cluster ]]; then
  mkdir -p "$(dirname "$no_cluster")"
  printf 'create_main_cluster = false\n' >"$no_cluster"
  made+=("$no_cluster")
fi

export DEBIAN_FRONTEND=noninteractive
# An old list may do: whether it does, the installation tells.
apt-get -o DPkg::Lock::Timeout=600 update || echo "apt-get update failed, trying with the lists that are there"
apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"

if ((!had_pgbouncer)) && installed pgbouncer && command -v systemctl >/dev/null; then
  systemctl disable pgbouncer || true
fi
