# shellcheck shell=bash
# Paths. ROOT is the checkout, BUILD is the folder of the release build, and DEPS
# holds the dependencies that deploy/local/setup downloads (git ignores it). Tools
# in DEPS take precedence over those of the system.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
DEPS=$ROOT/.deps
# shellcheck disable=SC2034 # used by the scripts that source this file
BUILD=$ROOT/build/release

# use_fetched_tools: adds the tool folders in DEPS that exist to PATH. Call it
# again after set-up.
use_fetched_tools() {
  local folder
  for folder in "$DEPS/go/bin" "$DEPS/bin"; do
    if [[ -d $folder && :$PATH: != *":$folder:"* ]]; then PATH=$folder:$PATH; fi
  done
  export PATH
}
use_fetched_tools

# HOME is unset for some users of services and containers.
export HOME=${HOME:-/tmp}
