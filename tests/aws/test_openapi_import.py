"""The routes in the templates against the rules that API Gateway states for imports ("Use OpenAPI
definitions for HTTP APIs", "Important notes for REST APIs", "Quotas"), and against the gateway."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys

import pytest
from openapi_spec_validator import validate
from templates import ROOT, TEMPLATE_FOLDER, TEMPLATES, only, text_of, walk

BOOKSTORE = TEMPLATE_FOLDER / "bookstore"
DOCUMENT = ROOT / "gateway/gen/bookstore/contract/openapi.json"
TYPES_DOCUMENT = ROOT / "gateway/gen/types/contract/openapi.json"
VERBS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
# Quotas of an API.
MAX_ROUTES, MAX_INTEGRATIONS = 300, 300

spec = importlib.util.spec_from_file_location("routes", BOOKSTORE / "routes.py")
routes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(routes)


def filled(value, conditions: set[str]):
    """The value as CloudFormation passes it to API Gateway; a value that is unknown here becomes a
    string with its origin."""
    if isinstance(value, list):
        inner = [filled(each, conditions) for each in value]
        return [each for each in inner if each != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        condition, yes, no = value["Fn::If"]
        return filled(yes if condition in conditions else no, conditions)
    if value == {"Ref": "AWS::NoValue"}:
        return value
    if "Ref" in value:
        return f"<{value['Ref']}>"
    if "Fn::ImportValue" in value:
        return f"<{text_of(value['Fn::ImportValue'])}>"
    if "Fn::Sub" in value:
        if isinstance(value["Fn::Sub"], str):
            return value["Fn::Sub"]
        text, own = value["Fn::Sub"]
        for name, inner in own.items():
            text = text.replace(f"${{{name}}}", filled(inner, conditions))
        return text
    inner = {key: filled(each, conditions) for key, each in value.items()}
    return {key: each for key, each in inner.items() if each != {"Ref": "AWS::NoValue"}}


def http_document(*conditions: str) -> dict:
    return filled(only("AWS::ApiGatewayV2::Api")["Body"], set(conditions))


def rest_document(*conditions: str) -> dict:
    return filled(only("AWS::ApiGateway::RestApi")["Body"], set(conditions))


def operations(document: dict) -> dict[tuple[str, str], dict]:
    return {
        (verb, path): operation
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS
    }


def faults_of_paths(document: dict) -> list[str]:
    """The faults of paths that API Gateway rejects."""
    faults = []
    names: dict[tuple[str, ...], str] = {}
    for path in document["paths"]:
        if not path.startswith("/"):
            faults.append(f"{path} does not begin with /")
        before: tuple[str, ...] = ()
        for part in path.split("/")[1:]:
            name = re.fullmatch(r"\{([A-Za-z0-9._-]+\+?)\}", part)
            if name is None and not re.fullmatch(r"[A-Za-z0-9_.,:-]+", part):
                faults.append(f"{path}: {part} is neither a word nor a variable")
            if name and names.setdefault(before, name.group(1)) != name.group(1):
                faults.append(f"{path}: {part} is called {names[before]} elsewhere")
            before += ("{}" if name else part,)
        if path in ("/ping", "/sping"):
            faults.append(f"{path} is API Gateway's own")
    return faults


DOCUMENTS = {
    "http": http_document(),
    "http, tokens": http_document("HasIssuer", "HasCertificate"),
    "rest": rest_document(),
    "rest, tokens": rest_document("HasUserPool"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_it_is_openapi_3_0(kind):
    document = json.loads(json.dumps(DOCUMENTS[kind]))
    assert re.fullmatch(r"3\.0\.\d", document["openapi"])
    # The example of a JWT authorizer of AWS has no flows either.
    for scheme in document["components"].get("securitySchemes", {}).values():
        if scheme["type"] == "oauth2":
            scheme["flows"] = {}
    # The other extensions are where OpenAPI permits them; this one is among the components.
    assert all(
        key in ("securitySchemes", "x-amazon-apigateway-integrations") for key in document["components"]
    )
    validate(document)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_paths_are_what_api_gateway_takes(kind):
    assert faults_of_paths(DOCUMENTS[kind]) == []
    assert 20 < len(operations(DOCUMENTS[kind])) <= MAX_ROUTES


def test_the_gateways_own_document_would_be_refused():
    faults = faults_of_paths(json.loads(DOCUMENT.read_text()))
    assert any("/book/{book_id}/review" in fault or "/book/{id}" in fault for fault in faults)
    assert any("{code}:merge" in fault for fault in faults_of_paths(json.loads(TYPES_DOCUMENT.read_text())))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_there_is_nothing_that_an_import_warns_of(kind):
    """Schemas only of path variables, no servers, no callbacks, no reference to another file."""
    document = DOCUMENTS[kind]
    assert set(document) == {"openapi", "info", "components", "paths"}
    for value in walk(document["paths"]):
        if isinstance(value, dict):
            assert not {"requestBody", "callbacks", "servers", "deprecated", "example"} & set(value)
            assert value.get("$ref", "#/").startswith("#/")
    ids = [operation["operationId"] for operation in operations(document).values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", ["http", "http, tokens"])
def test_every_route_leads_through_the_link(kind):
    document = DOCUMENTS[kind]
    integrations = document["components"]["x-amazon-apigateway-integrations"]
    assert len(integrations) <= MAX_INTEGRATIONS
    for route, operation in operations(document).items():
        reference = operation["x-amazon-apigateway-integration"]["$ref"]
        found = integrations[reference.removeprefix("#/components/x-amazon-apigateway-integrations/")]
        assert found["type"] == "HTTP_PROXY", route
        assert (found["connectionType"], found["connectionId"]) == ("VPC_LINK", "<Link>"), route
        # A private integration has the listener as URI, and format 1.0 of payloads.
        assert found["uri"] == "<Listener>", route
        assert found["payloadFormatVersion"] == "1.0", route
        assert 50 <= found["timeoutInMillis"] <= 30000, route
        # Otherwise the path begins with the stage.
        assert found["requestParameters"] == {"overwrite:path": "$request.path"}, route
    assert ("tlsConfig" in found) == (kind == "http, tokens")


@pytest.mark.parametrize("kind", ["rest", "rest, tokens"])
def test_every_resource_leads_to_the_load_balancer(kind):
    for (verb, path), operation in operations(DOCUMENTS[kind]).items():
        found = operation["x-amazon-apigateway-integration"]
        assert (found["type"], found["httpMethod"]) == ("http_proxy", verb.upper())
        assert (found["connectionType"], found["connectionId"]) == (
            "VPC_LINK",
            "<${BookstoreStackName}-VpcLink>",
        )
        assert found["integrationTarget"] == "<${BookstoreStackName}-BalancerArn>"
        assert found["uri"] == f"<${{BookstoreStackName}}-BalancerUrl>{path}"
        assert 50 <= found["timeoutInMillis"] <= 29000
        # A variable is passed on only if it is declared and mapped.
        names = re.findall(r"\{(\w+)\}", path)
        assert [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"] == names
        assert found["requestParameters"] == {
            f"integration.request.path.{name}": f"method.request.path.{name}" for name in names
        }


@pytest.mark.parametrize(("kind", "scheme"), [("http, tokens", "jwt"), ("rest, tokens", "userPool")])
def test_with_an_issuer_all_but_health_ask_for_a_token(kind, scheme):
    document = DOCUMENTS[kind]
    assert list(document["components"]["securitySchemes"]) == [scheme]
    open_routes = {route for route, o in operations(document).items() if o.get("security") != [{scheme: []}]}
    assert open_routes == {("get", "/healthz")}
    assert "security" not in document  # of the root, which a REST API ignores
    if scheme == "jwt":
        authorizer = document["components"]["securitySchemes"]["jwt"]["x-amazon-apigateway-authorizer"]
        assert authorizer["type"] == "jwt"
        assert authorizer["identitySource"] == "$request.header.Authorization"
        assert set(authorizer["jwtConfiguration"]) == {"issuer", "audience"}


@pytest.mark.parametrize("kind", ["http", "rest"])
def test_without_an_issuer_nothing_speaks_of_tokens(kind):
    assert "security" not in json.dumps(DOCUMENTS[kind])


def matched(document: dict, verb: str, path: str) -> str | None:
    """The id of the operation that API Gateway chooses: a word goes before a variable."""
    parts = path.split("/")
    found = []
    for (route_verb, route), operation in operations(document).items():
        pattern = route.split("/")
        if route_verb == verb and len(pattern) == len(parts):
            words = [p == q for p, q in zip(pattern, parts, strict=True)]
            if all(word or p.startswith("{") for word, p in zip(words, pattern, strict=True)):
                found.append((words, operation["operationId"]))
    return max(found)[1] if found else None


def test_every_call_of_the_gateway_has_its_route():
    document = json.loads(DOCUMENT.read_text())
    for (verb, path), operation in operations(document).items():
        call = re.sub(r"\{\w+\}", "01a20ca1-9136-7608-97ab-2d050c35514a", path)
        expected = None if path == "/readyz" else operation["operationId"]
        for kind in ("http", "rest"):
            assert matched(DOCUMENTS[kind], verb, call) == expected, (kind, verb, call)


def test_a_verb_behind_a_variable_is_served_too():
    written = routes.routes_of(json.loads(TYPES_DOCUMENT.read_text()))
    document = {"paths": {path: {verb: {} for verb in verbs} for path, verbs in written.items()}}
    assert faults_of_paths(document) == []
    assert written["/order/{code}"]["post"] == "mergeOrders"
    assert "/order/{code}/line" in written


def test_a_path_that_cannot_be_written_is_refused():
    item = {"get": {"operationId": "x"}}
    with pytest.raises(ValueError, match="does not support 'a b' in a path"):
        routes.routes_of({"paths": {"/a b": item}})


@pytest.fixture
def copy(tmp_path):
    """routes.py and the templates in a folder of their own."""
    for name in ("routes.py", "template.yaml", "rest_api.yaml"):
        shutil.copy(BOOKSTORE / name, tmp_path)
    return tmp_path


def run(folder, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, folder / "routes.py", *map(str, arguments)], capture_output=True, text=True
    )


def test_the_templates_are_up_to_date():
    done = run(BOOKSTORE, "--check")
    assert done.returncode == 0, done.stderr


def test_another_contract_is_noticed_and_written(copy):
    assert run(copy, "--check", "--document", TYPES_DOCUMENT).returncode == 1
    assert (copy / "template.yaml").read_text() == (BOOKSTORE / "template.yaml").read_text()
    assert run(copy, "--document", TYPES_DOCUMENT).stdout == "written: template.yaml, rest_api.yaml\n"
    assert run(copy, "--document", TYPES_DOCUMENT).stdout == "up to date\n"
    assert "/order/{code}/line:" in (copy / "template.yaml").read_text()
    # After the reverse change the text is the same, so nothing else was changed.
    run(copy, "--document", DOCUMENT)
    for name in ("template.yaml", "rest_api.yaml"):
        assert (copy / name).read_text() == (BOOKSTORE / name).read_text()


def test_another_rest_api_has_another_deployment(copy):
    def deployment() -> str:
        (name,) = set(re.findall(r"\bDeployment[0-9a-f]{8}\b", (copy / "rest_api.yaml").read_text()))
        return name

    before = deployment()
    run(copy, "--document", TYPES_DOCUMENT)
    assert deployment() != before


def test_the_link_is_one_for_both():
    assert TEMPLATES["bookstore-app"]["Resources"]["Link"]["Type"] == "AWS::ApiGatewayV2::VpcLink"
    assert "AWS::ApiGateway::VpcLink" not in json.dumps(TEMPLATES)
