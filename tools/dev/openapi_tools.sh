# shellcheck shell=bash
# Installs the tools of tests/suites/openapi into .deps/openapi. Needs toolchain.sh.

SCHEMATHESIS=schemathesis==4.32.5
OPENAPI_LINTERS=(@stoplight/spectral-cli@6.16.3 @redocly/cli@2.77.0)
OPENAPI_GENERATOR=org.openapitools:openapi-generator-cli:7.25.0
MAVEN_DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.6.1
# What the generated clients require.
TYPESCRIPT_PACKAGES=(typescript@5.9.3 @types/node@18.19.130)
PYTHON_CLIENT_PACKAGES=(pydantic==2.12.4 python-dateutil==2.9.0.post0 urllib3==2.7.0 typing-extensions==4.15.0)

openapi_tools() { printf '%s\n' "$DEPS/openapi"; }

make_openapi_environment() {
  local folder
  folder=$(openapi_tools)/venv
  rm -rf -- "$folder"
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install "$SCHEMATHESIS" "${PYTHON_CLIENT_PACKAGES[@]}"
}

has_openapi_linters() { [[ -x $(openapi_tools)/node_modules/.bin/tsc ]]; }

fetch_openapi_linters() {
  npm install --prefix "$(openapi_tools)" --no-audit --no-fund --no-save --ignore-scripts \
    "${OPENAPI_LINTERS[@]}" "${TYPESCRIPT_PACKAGES[@]}"
}

fetch_openapi_generator() {
  mvn --batch-mode --quiet "$MAVEN_DEPENDENCY_PLUGIN:copy" \
    "-Dartifact=$OPENAPI_GENERATOR" "-DoutputDirectory=$(openapi_tools)" -Dmdep.stripVersion=true
}

# install_openapi_tools: installs the linters, schemathesis and the client generator.
install_openapi_tools() {
  local folder
  folder=$(openapi_tools)
  mkdir -p "$folder"
  "$folder/venv/bin/python" -Sc '' 2>/dev/null || rm -f -- "$DEPS/stamps/openapi_python"
  install_tool openapi_python "$SCHEMATHESIS ${PYTHON_CLIENT_PACKAGES[*]}" make_openapi_environment
  has_openapi_linters || rm -f -- "$DEPS/stamps/openapi_npm"
  install_tool openapi_npm "${OPENAPI_LINTERS[*]} ${TYPESCRIPT_PACKAGES[*]}" fetch_openapi_linters
  [[ -s $folder/openapi-generator-cli.jar ]] || rm -f -- "$DEPS/stamps/openapi_generator"
  install_tool openapi_generator "$OPENAPI_GENERATOR" fetch_openapi_generator
}
