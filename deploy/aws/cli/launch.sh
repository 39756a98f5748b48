#!/usr/bin/env bash
# launch.sh up|down|status ARGUMENT...: runs a command of the Python package
# deploy/aws/cli in its virtual environment, .deps/aws. Creates the environment if
# it does not exist.
set -euo pipefail
# shellcheck source=tools/dev/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../../tools/dev/paths.sh"
# shellcheck source=tools/dev/output.sh
source "$ROOT/tools/dev/output.sh"
# shellcheck source=tools/dev/toolchain.sh
source "$ROOT/tools/dev/toolchain.sh"

install_aws_requirements
export PYTHONPATH=$ROOT/deploy/aws PYTHONDONTWRITEBYTECODE=1
exec "$DEPS/aws/bin/python" -m cli "$@"
