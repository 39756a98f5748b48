# shellcheck shell=bash
# The tools of clients/generate. Needs paths.sh, output.sh, toolchain.sh.
#   .deps/clients   a Python environment with protoc, the descriptors' library and the
#                   plugins of Python

CLIENT_TOOLS=$DEPS/clients
CLIENT_PYTHON=$CLIENT_TOOLS/bin/python
# protoc of this version makes code for every Protobuf runtime since 6.31, the last ones
# that Python 3.9 has.
CLIENT_REQUIREMENTS=(grpcio-tools==1.76.0 googleapis-common-protos==1.76.0 mypy-protobuf==5.1.0 ruff==0.17.6)

make_client_environment() {
  rm -rf -- "$CLIENT_TOOLS"
  python3 -m venv "$CLIENT_TOOLS"
  "$CLIENT_PYTHON" -m pip install "${CLIENT_REQUIREMENTS[@]}"
}

# install_client_tools: installs what all languages need. Only one set-up may run at a time.
install_client_tools() {
  local lock
  mkdir -p "$DEPS/log"
  exec {lock}>"$DEPS/lock"
  flock "$lock"
  # Scripts of an environment have its absolute path, which is wrong after a move.
  if ! "$CLIENT_PYTHON" -Sc '' 2>/dev/null || [[ ! -x $(sed -n '1s/^#!//p' "$CLIENT_TOOLS/bin/protoc-gen-mypy") ]]; then
    rm -f -- "$DEPS/stamps/clients"
  fi
  install_tool clients "${CLIENT_REQUIREMENTS[*]}" make_client_environment
  install_venv
  install_go
  install_protos
  exec {lock}>&-
}

# compile_contract OUT [FOLDER...] -- FILE...: writes the descriptors of the files and of all
# that they import, with comments. The folders come before those of the project.
compile_contract() {
  local target=$1
  local -a options=()
  shift
  while [[ $1 != -- ]]; do
    options+=("-I$1")
    shift
  done
  shift
  "$CLIENT_PYTHON" -m grpc_tools.protoc "${options[@]}" "-I$ROOT/proto" "-I$DEPS/protos" \
    --include_imports --include_source_info --descriptor_set_out="$target" "$@"
}

# contract_name DESCRIPTORS FILE: prints the first word of the file's package.
contract_name() {
  "$CLIENT_PYTHON" - "$@" <<'PYTHON'
import sys
from google.protobuf import descriptor_pb2
files = descriptor_pb2.FileDescriptorSet.FromString(open(sys.argv[1], "rb").read()).file
print(next(file.package for file in files if file.name == sys.argv[2]).split(".")[0])
PYTHON
}

# The tools of TypeScript: clients/typescript/tools.json pins them.
TYPESCRIPT_TOOLS=$DEPS/typescript

fetch_typescript_tools() {
  rm -rf -- "$TYPESCRIPT_TOOLS"
  mkdir -p "$TYPESCRIPT_TOOLS"
  cp "$ROOT/clients/typescript/tools.json" "$TYPESCRIPT_TOOLS/package.json"
  # esbuild and Biome have their programs in packages of the platform: no script is needed.
  npm install --prefix "$TYPESCRIPT_TOOLS" --no-audit --no-fund --ignore-scripts
}

install_typescript_tools() {
  local digest lock
  command -v npm >/dev/null || die "npm is needed (apt-get install npm)"
  mkdir -p "$DEPS/log"
  exec {lock}>"$DEPS/lock"
  flock "$lock"
  digest=$(sha256sum <"$ROOT/clients/typescript/tools.json")
  [[ -x $TYPESCRIPT_TOOLS/node_modules/.bin/tsc ]] || rm -f -- "$DEPS/stamps/typescript"
  install_tool typescript "clients/typescript/tools.json ${digest:0:16}" fetch_typescript_tools
  exec {lock}>&-
}

# The tools of Java: clients/java/tools.xml pins them. Maven keeps what it downloads in
# .deps/maven.
JAVA_TOOLS=$DEPS/java
MAVEN_REPOSITORY=$DEPS/maven

# For programs that end soon: the faster compiler and the simplest collector.
JAVA_SHORT_LIVED=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)

maven() {
  MAVEN_OPTS="${JAVA_SHORT_LIVED[*]} ${MAVEN_OPTS:-}" mvn --batch-mode --quiet --no-transfer-progress \
    "-Dmaven.repo.local=$MAVEN_REPOSITORY" "$@"
}

fetch_java_tools() {
  local machine
  rm -rf -- "$JAVA_TOOLS"
  machine=$(uname -m)
  maven --file "$ROOT/clients/java/tools.xml" -Dplatform="linux-${machine/aarch64/aarch_64}" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$JAVA_TOOLS" -Dmdep.stripVersion=true
  # The formatter reads the compiler's trees.
  {
    printf '#!/bin/sh\nexec java %s' "${JAVA_SHORT_LIVED[*]}"
    printf ' --add-exports=jdk.compiler/com.sun.tools.javac.%s=ALL-UNNAMED' api code file parser tree util
    # shellcheck disable=SC2016 # $0 and $@ are those of the script
    printf ' -jar "$(dirname "$0")/google-java-format-all-deps.jar" "$@"\n'
  } >"$JAVA_TOOLS/google-java-format"
  chmod +x "$JAVA_TOOLS"/*.exe "$JAVA_TOOLS/google-java-format"
}

install_java_tools() {
  local digest lock
  if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
    die "Maven and a JDK are needed (apt-get install maven openjdk-17-jdk-headless)"
  fi
  mkdir -p "$DEPS/log"
  exec {lock}>"$DEPS/lock"
  flock "$lock"
  digest=$(sha256sum <"$ROOT/clients/java/tools.xml")
  [[ -x $JAVA_TOOLS/google-java-format ]] || rm -f -- "$DEPS/stamps/java"
  install_tool java "clients/java/tools.xml ${digest:0:16}" fetch_java_tools
  exec {lock}>&-
}
