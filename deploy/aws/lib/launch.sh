#!/usr/bin/env bash
# launch.sh up|down|status ARGUMENT...: runs that command of the Python package
# deploy/aws/stacks, in a virtual environment of its own (.deps/aws), which is made
# when it is not there.
set -euo pipefail
# shellcheck source=deploy/local/lib/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../local/lib/paths.sh"
# shellcheck source=deploy/local/lib/output.sh
source "$ROOT/deploy/local/lib/output.sh"
# shellcheck source=deploy/local/lib/toolchain.sh
source "$ROOT/deploy/local/lib/toolchain.sh"

install_aws_requirements
export PYTHONPATH=$ROOT/deploy/aws PYTHONDONTWRITEBYTECODE=1
exec "$DEPS/aws/bin/python" -m stacks "$@"
