#!/usr/bin/env python3
"""Writes the contract's routes into template.yaml (HTTP API) and rest_api.yaml (REST API).

    deploy/aws/templates/bookstore/routes.py [--check] [--document FILE]

The routes come from the gateway's OpenAPI document, which the build generates. They have no
schemas: HTTP API ignores them, and callers get the complete document from /openapi.json. API
Gateway has requirements that the document need not meet:
  - a path segment has the same variable name in all paths (REST API);
  - a variable is an entire segment: `/order/{code}:merge` becomes `/order/{code}`, whose variable
    then includes the verb;
  - a segment contains only letters, digits and `_-.,:`, the name of a schema only letters and
    digits (REST API).
--check changes nothing and returns 1 if a template is not up to date. Uses the standard library only."""

import argparse
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[3] / "gateway/gen/bookstore/contract/openapi.json"
VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Used only by the load balancer, which calls the task directly.
INTERNAL = ("/readyz",)
# Requires no token.
OPEN = ("/healthz",)
BEGIN, END = "# routes of the contract", "# end of the routes"
INTEGRATION = '{$ref: "#/components/x-amazon-apigateway-integrations/gateway"}'

Routes = dict[str, dict[str, str]]


def variable(part: str) -> str | None:
    """Returns the name of the variable at the start of a path segment, or None."""
    found = re.match(r"\{([^}]+)\}", part)
    return found.group(1) if found else None


def one_name_per_place(paths: list[str]) -> dict[str, str]:
    """Returns each path as API Gateway requires it. The shortest path with a variable in a
    segment determines its name, so that `/book/{book_id}/review` becomes `/book/{id}/review`."""
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
                raise ValueError(f"API Gateway does not support {part!r} in a path: {path}")
            parts.append(part)
            before += ("{}" if name is not None else part,)
        written[path] = "/" + "/".join(parts)
    return written


def routes_of(document: dict) -> Routes:
    """Returns the operation id of each verb of each path, in the order of the document."""
    paths = {path: item for path, item in document["paths"].items() if path not in INTERNAL}
    written = one_name_per_place(list(paths))
    routes: Routes = {}
    for path, item in paths.items():
        for verb in VERBS:
            if verb in item:
                # A custom verb behind a variable may map to an existing route, which then serves both.
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
    """Returns the template with the lines between the two markers replaced."""
    found = re.search(rf"^( *){BEGIN}.*$", template, re.MULTILINE)
    end = re.search(rf"^ *{END}$", template, re.MULTILINE)
    if found is None or end is None:
        raise ValueError(f"the template does not have the lines {BEGIN!r} and {END!r}")
    indented = "\n".join(found.group(1) + line for line in routes.splitlines())
    return template[: found.end()] + "\n" + indented + "\n" + template[end.start() :]


def with_deployment(template: str) -> str:
    """Names the deployment by a digest, because a changed REST API requires a new deployment."""
    body = re.sub(r"Deployment[0-9a-f]{8}\b", "Deployment", template)
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return re.sub(r"Deployment[0-9a-f]{8}\b", f"Deployment{digest}", template)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="only report whether the templates are up to date"
    )
    parser.add_argument(
        "--document", type=pathlib.Path, default=DOCUMENT, help="the gateway's OpenAPI document"
    )
    arguments = parser.parse_args()
    if not arguments.document.exists():
        print(f"{arguments.document} does not exist: build the gateway first", file=sys.stderr)
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
