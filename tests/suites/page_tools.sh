# shellcheck shell=bash
# The packages of tests in Chromium, which tests/pages/tools.json pins. Needs common.sh.
# shellcheck source=tools/dev/toolchain.sh disable=SC2153
source "$ROOT/tools/dev/toolchain.sh"

PAGE_TOOLS=$DEPS/pages

fetch_page_tools() {
  rm -rf -- "$PAGE_TOOLS"
  mkdir -p "$PAGE_TOOLS"
  cp "$ROOT/tests/pages/tools.json" "$PAGE_TOOLS/package.json"
  npm install --prefix "$PAGE_TOOLS" --no-audit --no-fund --ignore-scripts
}

install_page_tools() {
  local digest lock
  mkdir -p "$DEPS/log"
  exec {lock}>"$DEPS/lock"
  flock "$lock"
  digest=$(sha256sum <"$ROOT/tests/pages/tools.json")
  [[ -s $PAGE_TOOLS/node_modules/axe-core/axe.min.js ]] || rm -f -- "$DEPS/stamps/pages"
  install_tool pages "tests/pages/tools.json ${digest:0:16}" fetch_page_tools
  exec {lock}>&-
}
