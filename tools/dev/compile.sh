#!/usr/bin/env bash
# compile.sh [--sanitizer address|thread] [TARGET...]: configures the build if necessary,
# and builds the given targets, or all targets. With --sanitizer it is a build of its own,
# build/address or build/thread, by Clang. It is a separate script so that it can run in a
# session of its own, whose processes can be ended together.
set -euo pipefail
# shellcheck source=tools/dev/paths.sh
source "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

settings=(-D CMAKE_BUILD_TYPE=Release)
declare -A SANITIZERS=([address]="address,undefined" [thread]="thread")
if [[ ${1:-} == --sanitizer ]]; then
  BUILD=$ROOT/build/$2
  settings=(-D CMAKE_BUILD_TYPE=Sanitized -D CMAKE_CXX_FLAGS=-O1 -D CMAKE_CXX_COMPILER=clang++-14
    -D "SANITIZERS=${SANITIZERS[$2]}")
  shift 2
fi

# Paths relative to the checkout let clones in different folders share the cache.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
# ccache requires these settings to cache compilations with precompiled headers.
# They are safe because no source uses __TIME__.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
# cached_clang writes the digests of precompiled headers.
export CCACHE_PCH_EXTSUM=1
# CMake's cache holds absolute paths: after the checkout moves, it is invalid.
if [[ -f $BUILD/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$BUILD/CMakeCache.txt"; then
  rm -rf -- "$BUILD"
fi
if ! [[ -f $BUILD/build.ninja ]]; then
  cmake -S "$ROOT" -B "$BUILD" -G Ninja "${settings[@]}"
fi
arguments=()
for target in "$@"; do arguments+=(--target "$target"); done
exec cmake --build "$BUILD" -j "$(nproc)" "${arguments[@]}"
