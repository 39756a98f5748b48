"""The package's package.json and README."""

import json
import pathlib

from arrangement import Collection, example_of

README = (pathlib.Path(__file__).parent / "README.md.in").read_text()
EXAMPLE = """for await (const {row} of client.{rows}.list({{}}, {{ limit: 10 }})) {{
  console.log({row}.{key});
  try {{
    await client.{rows}.get({row}.{key});
  }} catch (error) {{
    if (error instanceof NotFound) console.log("deleted meanwhile", error.requestId);
    else throw error;
  }}
}}"""


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def package(name: str, version: str, tools: str) -> str:
    pinned = json.loads((pathlib.Path(tools) / "package.json").read_text())["dependencies"]
    needed = ("@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-node")
    return (
        json.dumps(
            {
                "name": f"{name}-client",
                "version": version,
                "description": f"Client of the {name} data service",
                "type": "module",
                "exports": {
                    ".": {
                        "types": "./dist/index.d.ts",
                        "browser": "./dist/web.js",
                        "default": "./dist/index.js",
                    },
                    "./web": {"types": "./dist/web.d.ts", "default": "./dist/web.js"},
                },
                "files": ["dist", "src", "README.md"],
                "sideEffects": False,
                "engines": {"node": ">=18.14.1"},
                "dependencies": {module: f"^{pinned[module]}" for module in needed},
            },
            indent=2,
        )
        + "\n"
    )


def readme(name: str, collections: list[Collection]) -> str:
    example = "console.log(client);"
    if shown := example_of(collections):
        row = camel(shown.resource.rpartition(".")[2])
        row = row[0].lower() + row[1:]
        example = EXAMPLE.format(row=row, rows=camel(shown.attribute), key=camel(shown.key))
    listed = []
    for collection in collections:
        verbs = [f"`{method_name(method)}`" for method in collection.methods]
        if collection.is_changed_by_function:
            verbs.append("`update` (reads, changes, writes, and again if another writer came first)")
        listed.append(f"- `client.{camel(collection.attribute)}`: {', '.join(verbs)}")
    stub = f"`client.{camel(collections[0].attribute)}.stub`" if collections else "none"
    return README.format(name=name, example=example, stub=stub, collections="\n".join(listed))


def method_name(method) -> str:
    verb = method.verb.replace("update", "patch", 1) if method.kind == "UPDATE" else method.verb
    return camel(verb)
