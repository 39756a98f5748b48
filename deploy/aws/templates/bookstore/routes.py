#!/usr/bin/env python3
"""Writes the contract's routes into template.yaml (HTTP API) and rest_api.yaml (REST API).

    deploy/aws/templates/bookstore/routes.py [--check] [--document FILE]

The routes come from the gateway's OpenAPI document, which the build makes; schemas stay out,
because HTTP API ignores them, and callers get the whole document from /openapi.json. What API
Gateway asks for, and the document need not have:
  - a place in a path has one variable name in all paths (REST API);
  - a variable is a whole part of a path: `/order/{code}:merge` becomes `/order/{code}`, whose
    variable then takes the verb with it;
  - a part has letters, digits, `_-.,:` only, and a schema's name letters and digits (REST API).
--check changes nothing and ends with 1 if a template is not up to date. Standard library only."""

import argparse
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[3] / "gateway/gen/bookstore/contract/openapi.json"
VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# For the load balancer, which asks the task itself.
INTERNAL = ("/readyz",)
# Callable without a token.
OPEN = ("/healthz",)
BEGIN, END = "# routes of the contract", "# end of the routes"
INTEGRATION = '{$ref: "#/components/x-amazon-apigateway-integrations/gateway"}'

Routes = dict[str, dict[str, str]]


def variable(part: str) -> str | None:
    """The name of the variable that a part of a path is or begins with."""
    found = re.match(r"\{([^}]+)\}", part)
    return found.group(1) if found else None


def one_name_per_place(paths: list[str]) -> dict[str, str]:
    """Each path as it is written for API Gateway. The shortest path that has a variable in a
    place names it, so that `/book/{book_id}/review` follows `/book/{id}`."""
    names: dict[tuple[str, ...], str] = {}
    written = {}
    for path in sorted(paths, key=lambda p: (p.count("/"), ":" in p, p)):
        before: tuple[str, ...] = ()
        parts = []
        for part in path.split("/")[1:]:
            name = variable(part)
            if name is not None:
                part = f"{{{names.setdefault(before, name)}}}"
            elif not re.fullmatch(r"[A-Za-z0-9_.,:-]+", part):
                raise ValueError(f"API Gateway takes no path with {part!r}: {path}")
            parts.append(part)
            before += ("{}" if name is not None else part,)
        written[path] = "/" + "/".join(parts)
    return written


def routes_of(document: dict) -> Routes:
    """Paths, and the operation's id of each verb, in the order of the document."""
    paths = {path: item for path, item in document["paths"].items() if path not in INTERNAL}
    written = one_name_per_place(list(paths))
    routes: Routes = {}
    for path, item in paths.items():
        for verb in VERBS:
            if verb in item:
                # A verb behind a variable may meet a route that has it already: that one serves both.
                routes.setdefault(written[path], {}).setdefault(verb, item[verb]["operationId"])
    return routes


def variables(path: str) -> list[str]:
    return re.findall(r"\{([^}]+)\}", path)


def http_api(routes: Routes) -> str:
    lines = []
    for path, verbs in routes.items():
        lines.append(f"{path}:")
        if variables(path):
            described = ", ".join(
                f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}"
                for name in variables(path)
            )
            lines.append(f"  parameters: [{described}]")
        for verb, operation in verbs.items():
            security = "" if path in OPEN else 'security: !If [HasIssuer, [{jwt: []}], !Ref "AWS::NoValue"], '
            lines.append(
                f"  {verb}: {{operationId: {operation}, {security}"
                "responses: {default: {description: As the contract says}}, "
                f"x-amazon-apigateway-integration: {INTEGRATION}}}"
            )
    return "\n".join(lines)


def rest_api(routes: Routes) -> str:
    lines = []
    for path, verbs in routes.items():
        lines.append(f"{path}:")
        for verb, operation in verbs.items():
            lines.append(f"  {verb}:")
            lines.append(f"    operationId: {operation}")
            if path not in OPEN:
                lines.append('    security: !If [HasUserPool, [{userPool: []}], !Ref "AWS::NoValue"]')
            mapping = ""
            if variables(path):
                described = ", ".join(
                    f"{{name: {name}, in: path, required: true, schema: {{type: string}}}}"
                    for name in variables(path)
                )
                lines.append(f"    parameters: [{described}]")
                mapping = ", ".join(
                    f"integration.request.path.{name}: method.request.path.{name}" for name in variables(path)
                )
            lines.append("    responses: {default: {description: As the contract says}}")
            lines.append("    x-amazon-apigateway-integration:")
            lines.append(f"      {{type: http_proxy, httpMethod: {verb.upper()}, connectionType: VPC_LINK,")
            lines.append("      passthroughBehavior: when_no_match, timeoutInMillis: 29000,")
            lines.append('      connectionId: {Fn::ImportValue: !Sub "${BookstoreStackName}-VpcLink"},')
            lines.append("      integrationTarget:")
            lines.append('        {Fn::ImportValue: !Sub "${BookstoreStackName}-BalancerArn"},')
            lines.append(
                f'      uri: !Sub ["${{Url}}{path}", '
                '{Url: {Fn::ImportValue: !Sub "${BookstoreStackName}-BalancerUrl"}}],'
            )
            lines.append(f"      requestParameters: {{{mapping}}}}}")
    return "\n".join(lines)


def replaced(template: str, routes: str) -> str:
    """The template with the lines between the two marks replaced."""
    found = re.search(rf"^( *){BEGIN}.*$", template, re.MULTILINE)
    end = re.search(rf"^ *{END}$", template, re.MULTILINE)
    if found is None or end is None:
        raise ValueError(f"the template has not the lines {BEGIN!r} and {END!r}")
    indented = "\n".join(found.group(1) + line for line in routes.splitlines())
    return template[: found.end()] + "\n" + indented + "\n" + template[end.start() :]


def with_deployment(template: str) -> str:
    """A REST API serves what was deployed: another API needs another deployment, by name."""
    body = re.sub(r"Deployment[0-9a-f]{8}\b", "Deployment", template)
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return re.sub(r"Deployment[0-9a-f]{8}\b", f"Deployment{digest}", template)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only tell whether the templates are up to date")
    parser.add_argument(
        "--document", type=pathlib.Path, default=DOCUMENT, help="the gateway's OpenAPI document"
    )
    arguments = parser.parse_args()
    if not arguments.document.exists():
        print(f"{arguments.document} is not there: build the gateway first", file=sys.stderr)
        return 2
    routes = routes_of(json.loads(arguments.document.read_text()))
    stale = []
    for name, write in (("template.yaml", http_api), ("rest_api.yaml", rest_api)):
        old = (HERE / name).read_text()
        new = replaced(old, write(routes))
        if name == "rest_api.yaml":
            new = with_deployment(new)
        if new != old:
            stale.append(name)
            if not arguments.check:
                (HERE / name).write_text(new)
    if arguments.check and stale:
        print(
            f"not up to date: {', '.join(stale)}; run deploy/aws/templates/bookstore/routes.py to update",
            file=sys.stderr,
        )
        return 1
    print(f"written: {', '.join(stale)}" if stale else "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
