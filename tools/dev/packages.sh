# shellcheck shell=bash
# Debian packages. Needs output.sh.

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
  local installed name
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p') || true
  for name in "$@"; do
    grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"
  done
}

# as_root COMMAND...
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# install_packages LOG NAME...: installs what is missing and starts no service
# by it; an installed PostgreSQL and its clusters are left as they are.
install_packages() {
  local log=$1 missing
  shift
  command -v dpkg-query >/dev/null ||
    die "this script knows Debian packages only; install by hand what provides: $*"
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return 0; fi
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "not root and no sudo; run as root: apt-get install ${missing[*]}"
  fi
  say "  installing ${#missing[@]} packages: ${missing[*]}"
  if ((EUID != 0)); then sudo -v || die "sudo refused; run as root: apt-get install ${missing[*]}"; fi
  if ! as_root bash "$ROOT/tools/dev/apt_install.sh" "${missing[@]}" >"$log" 2>&1 </dev/null; then
    warn "error: installing packages failed: ${missing[*]}"
    show_log_end "$log"
    exit 1
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) || die "apt-get succeeded, but these are still missing: ${missing[*]}"
}
