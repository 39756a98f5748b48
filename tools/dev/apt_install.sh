#!/usr/bin/env bash
# apt_install.sh PACKAGE...: installs packages without starting their services.
# Must run as root. PostgreSQL's default cluster is not created, and PgBouncer and
# Prometheus are neither started nor enabled at boot.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
made=()
finish() {
  if ((${#made[@]})); then rm -f -- "${made[@]}"; fi
}
trap finish EXIT

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

absent=()
for service in pgbouncer prometheus; do
  installed "$service" || absent+=("$service")
done
if ! [[ -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  made+=("$policy")
fi
# This file does not affect an existing cluster: the package reads it only before
# it creates the first one.
if ! [[ -e $no_cluster ]]; then
  mkdir -p "$(dirname "$no_cluster")"
  printf 'create_main_cluster = false\n' >"$no_cluster"
  made+=("$no_cluster")
fi

export DEBIAN_FRONTEND=noninteractive
# A failed update is not an error: the existing package lists may be sufficient,
# and the installation below fails if they are not.
apt-get -o DPkg::Lock::Timeout=600 update || echo "apt-get update failed, using the existing package lists"
apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"

for service in "${absent[@]}"; do
  if installed "$service" && command -v systemctl >/dev/null; then systemctl disable "$service" || true; fi
done
