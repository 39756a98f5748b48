# shellcheck shell=bash
# Debian packages. Needs output.sh.

# missing_packages NAME...: prints the packages that are not installed, one per line.
missing_packages() {
  local installed name
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p') || true
  for name in "$@"; do
    grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"
  done
}

# as_root COMMAND...: runs the command as root, through sudo if necessary.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# install_packages LOG NAME...: installs the missing packages without starting
# their services. It does not change an installed PostgreSQL or its clusters.
install_packages() {
  local log=$1 missing
  shift
  command -v dpkg-query >/dev/null ||
    die "this script installs Debian packages only; install the equivalents of these by hand: $*"
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return 0; fi
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "not root, and sudo is not installed; run as root: apt-get install ${missing[*]}"
  fi
  say "  installing ${#missing[@]} packages: ${missing[*]}"
  if ((EUID != 0)); then sudo -v || die "sudo failed; run as root: apt-get install ${missing[*]}"; fi
  if ! as_root bash "$ROOT/tools/dev/apt_install.sh" "${missing[@]}" >"$log" 2>&1 </dev/null; then
    warn "error: installing packages failed: ${missing[*]}"
    show_log_end "$log"
    exit 1
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) || die "apt-get succeeded, but these are still missing: ${missing[*]}"
}
