#!/usr/bin/env bash
# compile.sh [TARGET...]: configures where that was not done yet, and builds the
# targets, or all. In a script of its own so that it can run in a session of
# its own, and be ended whole.
set -euo pipefail
# shellcheck source=tools/dev/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

# A clone in another folder finds the same objects in the cache.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
# What ccache wants for precompiled headers; __TIME__ is not used.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
# A checkout that was moved cannot use what it built elsewhere.
if [[ -f $BUILD/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$BUILD/CMakeCache.txt"; then
  rm -rf -- "$BUILD"
fi
if ! [[ -f $BUILD/build.ninja ]]; then
  cmake -S "$ROOT" -B "$BUILD" -G Ninja -D CMAKE_BUILD_TYPE=Release
fi
arguments=()
for target in "$@"; do arguments+=(--target "$target"); done
exec cmake --build "$BUILD" -j "$(nproc)" "${arguments[@]}"
