# shellcheck shell=bash
# Where things are. ROOT is the checkout; DEPS holds what set-up fetched, and is
# git-ignored. Tools that it fetched go before those of the system.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
DEPS=$ROOT/.deps
# shellcheck disable=SC2034 # for those who source this
BUILD=$ROOT/build/release

# Only what is there is put on the PATH, so that this may be called again after
# set-up.
use_fetched_tools() {
  local folder
  for folder in "$DEPS/go/bin" "$DEPS/bin"; do
    if [[ -d $folder && :$PATH: != *":$folder:"* ]]; then PATH=$folder:$PATH; fi
  done
  export PATH
}
use_fetched_tools

# A checkout may be read by a user without a home (a service, a container).
export HOME=${HOME:-/tmp}
