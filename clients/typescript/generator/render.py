"""The client classes of a contract as TypeScript text."""

from __future__ import annotations

from dataclasses import dataclass

import describe
from arrangement import Collection, Method
from descriptors import FileSet
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool
from pages import camel, method_name

HEAD = "// Made by clients/generate from the contract; changes are lost.\n"
EVENTUAL = """\
Returns a view: a client like this one whose reads may be answered by a standby of the database. They see
every write that this client and its views have made (not by a stub), but maybe not what other clients wrote
in the last `maxStaleness` milliseconds (default and maximum: the server's --max_reader_lag). `update` reads as
always, and writes are the same."""
EVENTUAL_CONNECTION = """ The view has the connection of this client, which ends when this client
is closed, not with the view."""


@dataclass
class Contract:
    pool: DescriptorPool
    files: FileSet
    comments: dict[str, str]
    collections: list[Collection]
    original: describe.Contract

    def message(self, name: str) -> Descriptor:
        return self.pool.FindMessageTypeByName(name)

    def own_files(self) -> list[str]:
        return [file.name for file in self.files.file if not file.name.startswith("google/")]


def module_of(file: str) -> str:
    return file.removesuffix(".proto").replace("/", "_").replace("-", "_")


def type_name(message: Descriptor) -> str:
    """The name that protoc-gen-es gives a message."""
    name = message.full_name
    if message.file.package:
        name = name.removeprefix(f"{message.file.package}.")
    return name.replace(".", "_")


def comment(text: str, indent: str) -> str:
    lines = text.replace("*/", "* /").splitlines() or [""]
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"


class CollectionText:
    """Writes one collection."""

    def __init__(self, contract: Contract, collection: Collection):
        self.contract = contract
        self.collection = collection
        self.resource = contract.message(collection.resource) if collection.resource else None
        self.out: list[str] = []

    def ref(self, message: Descriptor) -> str:
        return f"{module_of(message.file.name)}.{type_name(message)}"

    def schema(self, message: Descriptor) -> str:
        return f"{self.ref(message)}Schema"

    def service(self, name: str) -> str:
        service = self.contract.pool.FindServiceByName(name)
        return f"{module_of(service.file.name)}.{service.name}"

    def method(self, method: Method) -> str:
        short = method.short_name
        return f"{self.service(method.service)}.method.{short[0].lower()}{short[1:]}"

    def request(self, method: Method) -> Descriptor:
        return self.contract.pool.FindMethodByName(method.name).input_type

    def text(self) -> str:
        about = self.contract.comments.get(self.collection.resource or self.collection.services[0], "")
        head = comment(about or self.collection.name, "") + f"export class {self.collection.name} {{\n"
        for index, service in enumerate(self.collection.services):
            short = service.rpartition(".")[2]
            name = "stub" if index == 0 else f"{short[0].lower()}{short[1:]}Stub"
            head += f"  /** The bare stub of {service}. */\n"
            head += f"  readonly {name}: Stub<typeof {self.service(service)}>;\n"
        head += "\n  constructor(private readonly calls: Calls) {\n"
        for index, service in enumerate(self.collection.services):
            short = service.rpartition(".")[2]
            name = "stub" if index == 0 else f"{short[0].lower()}{short[1:]}Stub"
            head += f"    this.{name} = createClient({self.service(service)}, calls.transport);\n"
        head += "  }\n"
        for method in self.collection.methods:
            about = self.contract.comments.get(method.name, method.short_name)
            self.out.append(comment(about, "  ") + getattr(self, f"of_{method.kind.lower()}")(method))
        self.add_update()
        return head + "\n" + "\n".join(self.out) + "}\n"

    def unary(self, method: Method, first: str, field: str, result: str, value: str = "") -> str:
        """A unary method; `first` declares the parameter that fills `field`."""
        request = self.schema(self.request(method))
        fields = f"{{ ...(request as object), {field} }}" if field else "request"
        request_id = f'"{camel(method.role("request_id"))}"' if method.role("request_id") else "undefined"
        given = f"{first}, " if first else ""
        call = f"this.calls.unary({self.method(method)}, made, {str(method.is_read).lower()}, requestId, options)"
        body = f"    return {call};\n"
        if value:
            body = f"    return (await {call}).{value};\n"
        elif result == "void":
            body = f"    await {call};\n"
        return (
            f"  async {method_name(method)}({given}request: MessageInitShape<typeof {request}> = {{}},"
            f" options: CallOptions = {{}}): Promise<{result}> {{\n"
            f"    const [made, requestId] = withRequestId({request}, {fields} as MessageInitShape<typeof {request}>,"
            f" {request_id});\n{body}  }}\n"
        )

    def row(self) -> str:
        return self.ref(self.resource)

    def key_type(self) -> str:
        return f'{self.row()}["{camel(self.collection.key)}"]'

    def of_get(self, method: Method) -> str:
        key = camel(method.role("key"))
        return self.unary(method, f"{key}: {self.key_type()}", key, self.row())

    def of_delete(self, method: Method) -> str:
        key = camel(method.role("key"))
        return self.unary(method, f"{key}: {self.key_type()}", key, "void")

    def of_create(self, method: Method) -> str:
        body = camel(method.role("body"))
        init = f"MessageInitShape<typeof {self.schema(self.resource)}>"
        return self.unary(method, f"{body}: {init}", body, self.row())

    of_upsert = of_update = of_create

    def of_batch_get(self, method: Method) -> str:
        keys = camel(f"{self.collection.key}s")
        return self.unary(method, f"{keys}: {self.key_type()}[]", keys, f"{self.row()}[]", camel(method.role("rows")))

    def of_batch_create(self, method: Method) -> str:
        element = self.contract.pool.FindMethodByName(method.role("element")).input_type
        body = next(f.name for f in element.fields if f.message_type == self.resource)
        init = f"MessageInitShape<typeof {self.schema(self.resource)}>"
        field = f"requests: rows.map((row) => ({{ {camel(body)}: row }}))"
        return self.unary(method, f"rows: {init}[]", field, f"{self.row()}[]", camel(method.role("rows")))

    def of_batch_update(self, method: Method) -> str:
        element = self.request(method).fields_by_name["requests"].message_type
        first = f"requests: MessageInitShape<typeof {self.schema(element)}>[]"
        return self.unary(method, first, "requests", f"{self.row()}[]", camel(method.role("rows")))

    def of_batch_delete(self, method: Method) -> str:
        requests = self.request(method).fields_by_name.get("requests")
        if requests is None:
            keys = camel(f"{self.collection.key}s")
            return self.unary(method, f"{keys}: {self.key_type()}[]", keys, "void")
        first = f"requests: MessageInitShape<typeof {self.schema(requests.message_type)}>[]"
        return self.unary(method, first, "requests", "void")

    def of_custom(self, method: Method) -> str:
        return self.unary(method, "", "", self.ref(self.contract.pool.FindMethodByName(method.name).output_type))

    def of_list(self, method: Method) -> str:
        page = self.contract.pool.FindMethodByName(method.name).output_type
        request = self.schema(self.request(method))
        token = "page.nextPageToken" if "next_page_token" in page.fields_by_name else "undefined"
        return (
            f"  {method_name(method)}(request: MessageInitShape<typeof {request}> = {{}},"
            f" options: ListOptions = {{}}): Pages<{self.ref(page)}, {self.row()}> {{\n"
            f"    return list(this.calls, {self.method(method)}, request,"
            f" (page) => [page.{camel(method.role('rows'))}, {token}], options);\n  }}\n"
        )

    def of_import(self, method: Method) -> str:
        init = f"MessageInitShape<typeof {self.schema(self.resource)}>"
        return (
            f"  import(rows: Rows<{init}>, options: StreamOptions = {{}}): Promise<ImportResult> {{\n"
            f"    return importRows(this.calls, {self.method(method)}, rows,"
            f" (row) => ({{ {camel(method.role('body'))}: row }}), options);\n  }}\n"
        )

    def of_export(self, method: Method) -> str:
        request = self.schema(self.request(method))
        return (
            f"  export(request: MessageInitShape<typeof {request}> = {{}},"
            f" options: StreamOptions = {{}}): AsyncGenerator<{self.row()}> {{\n"
            f"    return exportRows(this.calls, {self.method(method)}, request, options);\n  }}\n"
        )

    def add_update(self) -> None:
        collection = self.collection
        if not collection.is_changed_by_function:
            return
        schema, row = self.schema(self.resource), self.row()
        key = camel(collection.key)
        get = collection.find("GET")
        about = (
            "Reads, changes and writes the resource: `change` modifies its argument or returns another one.\n"
            "Only the fields that differ are written, and only if nobody else has written since;\n"
            "otherwise it is read and changed again, so `change` may be called several times."
        )
        self.out.append(
            comment(about, "  ")
            + f"  update({key}: {self.key_type()}, change: (row: {row}) => undefined | void | MessageInitShape<typeof"
            f" {schema}>, options: CallOptions = {{}}): Promise<{row}> {{\n"
            f'    return update(this.calls, {schema}, {{ key: "{key}", etag: "{camel(collection.etag)}" }},\n'
            f"      (given) => this.calls.ofWriter.unary({self.method(get)}, create({self.schema(self.request(get))},"
            f" {{ {camel(get.role('key'))}: {key} }}), true, undefined, given),\n"
            f"      (row, paths, given) => this.patch(row, {{ updateMask: {{ paths }} }}, given),\n"
            f"      change, options);\n  }}\n"
        )


def collections_module(contract: Contract) -> str:
    bodies = [CollectionText(contract, collection).text() for collection in contract.collections]
    body = "\n".join(bodies)
    names = (
        "exportRows",
        "type ImportResult",
        "importRows",
        "list",
        "type ListOptions",
        "type Pages",
        "type Rows",
    )
    names += ("type StreamOptions", "update")
    used = [name for name in names if f"{name.removeprefix('type ')}(" in body or f"{name.split()[-1]}<" in body
            or f": {name.split()[-1]} " in body]  # fmt: skip
    used = sorted(set(used) | {n for n in names if n.split()[-1] in ("ImportResult", "Pages")})
    imports = "".join(
        f'import * as {module_of(name)} from "./gen/{name.removesuffix(".proto")}_pb.js";\n'
        for name in (file.name for file in contract.files.file)
        if not name.startswith("google/protobuf/") and f"{module_of(name)}." in body
    )
    if "google_protobuf_" in body:
        imports += 'import * as wkt from "@bufbuild/protobuf/wkt";\n'
        for file in contract.files.file:
            body = body.replace(f"{module_of(file.name)}.", "wkt.") if "google/protobuf/" in file.name else body
    attributes = "".join(f"  readonly {camel(c.attribute)}: {c.name};\n" for c in contract.collections)
    made = "".join(f"    this.{camel(c.attribute)} = new {c.name}(_calls);\n" for c in contract.collections)
    return (
        HEAD
        + f'import {{ {"create, " if ", create(" in body else ""}type MessageInitShape }} from "@bufbuild/protobuf";\n'
        'import { createClient, type Client as Stub } from "@connectrpc/connect";\n'
        + imports
        + 'import { type CallOptions, type Calls, withRequestId } from "./runtime/calls.js";\n'
        + 'import type { EventualOptions } from "./runtime/eventual.js";\n'
        + f'import {{ {", ".join(used)} }} from "./runtime/rows.js";\n\n'
        + body
        + "\n/** The collections of the service. */\nexport class Collections {\n"
        + attributes
        + "\n  constructor(private readonly _calls: Calls) {\n"
        + made
        + "  }\n\n"
        + comment(EVENTUAL, "  ")
        + "  eventual(options: EventualOptions = {}): this {\n"
        + "    // Of the same class, and with its connection.\n"
        + "    const view = Object.create(Object.getPrototypeOf(this));\n"
        + "    return Object.assign(view, this, new Collections(this._calls.eventual(options)));\n"
        + "  }\n}\n"
    )


def routes(contract: Contract) -> str:
    lines = []
    for method in contract.original.methods():
        rule = contract.original.options.read(method, "google.api.http")
        pattern = rule and rule.WhichOneof("pattern")
        if pattern and pattern != "custom":
            name = f"{method.containing_service.full_name}/{method.name}"
            lines.append(f'  "{name}": ["{pattern.upper()}", "{getattr(rule, pattern)}", "{rule.body}"],\n')
    return "export const ROUTES: Routes = {\n" + "".join(lines) + "};\n"


def modules(contract: Contract) -> dict[str, str]:
    messages = "".join(f'export * from "./gen/{f.removesuffix(".proto")}_pb.js";\n' for f in contract.own_files())
    shared = (
        messages
        + 'export * from "./runtime/errors.js";\n'
        + "export { type CallOptions, DEFAULT_POLICY, newRequestId, type Policy, type Settings, type Span,"
        + ' type Telemetry, type Token } from "./runtime/calls.js";\n'
        + 'export type { EventualOptions } from "./runtime/eventual.js";\n'
        + "export type { ImportFailure, ImportResult, ListOptions, Pages, Rows, StreamOptions }"
        + ' from "./runtime/rows.js";\n'
    )
    node = (
        HEAD + 'import { Collections } from "./collections.js";\n'
        'import { Calls, type Settings } from "./runtime/calls.js";\n'
        'import type { EventualOptions } from "./runtime/eventual.js";\n'
        'import { grpcTransport, type Tls } from "./runtime/node.js";\n\n'
        + shared
        + 'export type { Tls } from "./runtime/node.js";\n\n'
        "export interface ClientSettings extends Settings {\n"
        "  /** True (the default) for the authorities of Node.js, or files; false for cleartext. */\n"
        "  tls?: boolean | Tls;\n}\n\n"
        "/** A connection to the service over gRPC. */\n"
        "export class Client extends Collections {\n"
        "  /** Ends the connection and the calls that use it; of a view, nothing. */\n"
        "  readonly close: () => void;\n\n"
        "  /** `target` is HOST:PORT. */\n"
        "  constructor(target: string, settings: ClientSettings = {}) {\n"
        "    if (settings.tls === false && settings.token) {\n"
        '      throw new TypeError("a token needs TLS: in cleartext everybody on the way could use it");\n'
        "    }\n"
        "    const transport = grpcTransport(target, settings.tls ?? true);\n"
        "    super(new Calls(transport, settings));\n"
        "    this.close = transport.close;\n  }\n\n"
        + comment(EVENTUAL + EVENTUAL_CONNECTION, "  ")
        + "  override eventual(options: EventualOptions = {}): this {\n"
        "    return Object.assign(super.eventual(options), { close: () => undefined });\n  }\n}\n"
    )
    web = (
        HEAD + 'import { Collections } from "./collections.js";\n'
        'import { Calls, type Settings } from "./runtime/calls.js";\n'
        'import { CLOCK_ERROR, restTransport, type Routes } from "./runtime/rest.js";\n\n'
        + shared
        + "\n"
        + routes(contract)
        + "\nexport interface WebClientSettings extends Settings {\n"
        "  /** Instead of the global fetch. */\n"
        "  fetch?: typeof fetch;\n}\n\n"
        "/** The service over REST, by fetch. */\n"
        "export class WebClient extends Collections {\n"
        "  /** `baseUrl` is the URL of the gateway, such as https://api.example.com. */\n"
        "  constructor(baseUrl: string, settings: WebClientSettings = {}) {\n"
        "    const call = settings.fetch ?? ((input, init) => fetch(input, init));\n"
        "    super(new Calls(restTransport(baseUrl, ROUTES, call), settings, CLOCK_ERROR));\n  }\n}\n"
    )
    return {"collections.ts": collections_module(contract), "index.ts": node, "web.ts": web}
