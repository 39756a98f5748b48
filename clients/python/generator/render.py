"""The client classes of a contract as Python text. Both kinds of clients come from the same
lines; those for asyncio have `async` and `await` in them."""

from __future__ import annotations

from dataclasses import dataclass

from arrangement import Collection, Method, snake
from descriptors import FileSet, is_packaged
from fields import Parameter, class_of, declaration, is_type, module_of, parameters
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool

EMPTY = "google.protobuf.Empty"


@dataclass
class Contract:
    pool: DescriptorPool
    files: FileSet
    comments: dict[str, str]
    collections: list[Collection]
    module: str

    def message(self, name: str) -> Descriptor:
        return self.pool.FindMessageTypeByName(name)

    def pool_files(self) -> list:
        return [self.pool.FindFileByName(file.name) for file in self.files.file]

    def method(self, method: Method):
        return self.pool.FindMethodByName(method.name)


def docstring(text: str, indent: str) -> list[str]:
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    lines = text.splitlines() or [""]
    if len(lines) == 1:
        return [f'{indent}"""{lines[0]}"""']
    return [f'{indent}"""{lines[0]}', *(f"{indent}{line}".rstrip() for line in lines[1:]), f'{indent}"""']


class ClientText:
    """Writes one client."""

    def __init__(self, contract: Contract, is_async: bool):
        self.contract = contract
        self.prefix = "Async" if is_async else ""
        self.is_async = is_async
        self.lines: list[str] = []
        self.constants: dict[str, str] = {}

    def add(self, *lines: str) -> None:
        self.lines += lines

    def text(self) -> str:
        for collection in self.contract.collections:
            self.add("", "")
            self.collection(collection)
        self.add("", "")
        self.client()
        constants = [f"{name} = {value}" for name, value in self.constants.items()]
        body = "\n".join([*constants, *self.lines])
        return "\n".join(self.header(body)) + body + "\n"

    def header(self, body: str) -> list[str]:
        imports = sorted(
            line
            for file in self.contract.pool_files()
            for line in import_lines(file.name)
            if line.rpartition(" ")[2] + "." in body
        )
        kind = "async" if self.is_async else "sync"
        prefix = self.prefix
        names = [
            "Any", "AsyncIterator", "Callable", "Iterable", "Iterator", "List", "Mapping", "Optional",
            "Sequence", "Tuple", "Type", "Union",
        ]  # fmt: skip
        used = [name for name in names if f"{name}[" in body or f" {name}:" in body or f": {name} " in body]
        runtime = [
            ("connection", "Options, TokenCallback, Tls, Tokens, credentials_of, options_of"),
            (f"{kind}_calls", f"{prefix}Calls, {prefix}Pages" if self.is_async else "Pages, SyncCalls"),
            ("errors", "from_status"),
            ("retry", "Method, Policy, new_request_id"),
            ("telemetry", "make_telemetry"),
            ("values", "ImportFailure, ImportResult, Progress, mask"),
        ]
        if self.is_async:
            runtime[1] = (f"{kind}_calls", "AsyncCalls, AsyncPages, Rows, map_rows")
        lines = [
            '"""Made by clients/generate from the contract; changes are lost."""',
            "",
            "from __future__ import annotations",
            "",
            "import copy",
            f"from typing import {', '.join(used)}",
            "",
            "import grpc",
            *(["from grpc import aio"] if self.is_async else []),
            *[line for line in imports if not line.startswith("from .")],
            "",
            *[line for line in imports if line.startswith("from .")],
        ]
        for module, given in runtime:
            wanted = [name for name in given.split(", ") if name in body]
            if wanted:
                lines.append(f"from .runtime.{module} import {', '.join(wanted)}")
        return [*lines, ""]

    # One collection.

    def collection(self, collection: Collection) -> None:
        name = self.prefix + collection.name
        about = self.contract.comments.get(collection.resource or collection.services[0], collection.name)
        methods = {service: f"_{snake(service.rpartition('.')[2])}" for service in collection.services}
        self.add(f"class {name}:", *docstring(about, "    "), "")
        channel = "aio.Channel" if self.is_async else "grpc.Channel"
        calls = "AsyncCalls" if self.is_async else "SyncCalls"
        self.add(f"    def __init__(self, channel: {channel}, calls: {calls}) -> None:")
        self.add("        self._calls = calls")
        for index, service in enumerate(collection.services):
            attribute = "stub" if index == 0 else f"{snake(service.rpartition('.')[2])}_stub"
            methods[service] = attribute
            stub = self.stub_class(service)
            self.add(f"        #: The bare stub of {service}.")
            if self.is_async:
                quoted = f'"{self.async_stub_class(service)}"'
                self.add(f"        self.{attribute}: {quoted} = {stub}(channel)")
            else:
                self.add(f"        self.{attribute} = {stub}(channel)")
        for method in collection.methods:
            self.add("")
            Writer(self, collection, method, f"self.{methods[method.service]}.{method.short_name}").write()
        self.update_of(collection, methods)

    def stub_class(self, service: str) -> str:
        file = self.contract.pool.FindServiceByName(service).file.name
        return f"{module_of(file)}_grpc.{service.rpartition('.')[2]}Stub"

    def async_stub_class(self, service: str) -> str:
        return self.stub_class(service).removesuffix("Stub") + "AsyncStub"

    def update_of(self, collection: Collection, methods: dict[str, str]) -> None:
        """The method that reads, changes and writes."""
        if not collection.is_changed_by_function:
            return
        resource = self.contract.message(collection.resource)
        row = class_of(resource)
        key = Parameter(resource.fields_by_name[collection.key])
        get = collection.find("GET")
        reader = Writer(self, collection, get, f"self.{methods[get.service]}.{get.short_name}")
        a, w = ("async ", "await ") if self.is_async else ("", "")
        self.add(
            "",
            f"    {a}def update(",
            f"        self, {key.name}: {key.type}, change: Callable[[{row}], Optional[{row}]], *,"
            " timeout: Optional[float] = None",
            f"    ) -> {row}:",
            '        """Reads, changes and writes the resource: `change` modifies its argument or returns',
            "        another one. Only the fields that differ are written, and only if nobody else has",
            "        written since; otherwise it is read and changed again, so `change` may be called",
            '        several times."""',
            "",
            f"        {a}def read(limit: float) -> {row}:",
        )
        reader.build({get.role("key"): key.name}, indent=" " * 12)
        self.add(
            f"            return {w}self._calls.unary("
            f"{reader.function}, request, {reader.constant_for_update}, None, limit)",
            "",
            f"        {a}def write(changed: {row}, paths: Sequence[str], etag: str, limit: float) -> {row}:",
            f"            new = {row}()",
            "            new.CopyFrom(changed)",
            f"            new.{collection.key} = {key.name}",
            f"            new.{collection.etag} = etag",
            f"            return {w}self.patch(new, update_mask=paths, timeout=limit)",
            "",
            f'        ignored = ("{collection.key}", "{collection.etag}")',
            f'        return {w}self._calls.update(read, write, change, ("{collection.etag}", ignored), timeout)',
        )

    # The client.

    def client(self) -> None:
        channel = "aio.Channel" if self.is_async else "grpc.Channel"
        make = "aio" if self.is_async else "grpc"
        calls = "AsyncCalls" if self.is_async else "SyncCalls"
        a, w = ("async ", "await ") if self.is_async else ("", "")
        e = "a" if self.is_async else ""
        self.add(
            f"class {self.prefix}Client:",
            '    """A connection to the service. '
            + ("It belongs to one event loop." if self.is_async else "It can be used by several threads.")
            + '"""',
            "",
            "    def __init__(",
            "        self,",
            "        target: str,",
            "        *,",
            "        tls: Union[bool, Tls] = True,",
            "        token: Optional[TokenCallback] = None,",
            "        policy: Policy = Policy(),",
            "        options: Optional[Options] = None,",
            "    ) -> None:",
            '        """`target` is HOST:PORT or another gRPC target. `tls`: True for the authorities that gRPC',
            "        ships, a Tls for others or for mutual TLS, False for cleartext. `token` returns the",
            '        bearer token of a call. `options` are further options of the channel."""',
            "        tokens = None if token is None else Tokens(token)",
            "        credentials = credentials_of(tls, tokens)",
            "        all_options = options_of(tls, options)",
            "        if credentials is None:",
            f"            self.channel: {channel} = {make}.insecure_channel(target, all_options)",
            "        else:",
            f"            self.channel = {make}.secure_channel(target, credentials, all_options)",
            f'        self._use({calls}(policy, tokens, make_telemetry("{self.contract.module}")))',
            "        self._is_view = False",
            "",
            f"    def _use(self, calls: {calls}) -> None:",
            "        self._calls = calls",
        )
        for collection in self.contract.collections:
            about = self.contract.comments.get(collection.resource, "")
            if about:
                self.add(f"        #: {about.splitlines()[0]}")
            self.add(f"        self.{collection.attribute} = {self.prefix}{collection.name}(self.channel, calls)")
        self.add(
            "",
            f"    def eventual(self, max_staleness: Optional[float] = None) -> {self.prefix}Client:",
            '        """Returns a view: a client with the connection of this one, whose reads may be answered by',
            "        a standby of the database. They see every write that this client and its views have made",
            "        (not by a stub), but maybe not what other clients wrote in the last `max_staleness` seconds",
            "        (default and maximum: the server's --max_reader_lag). `update` reads as always, and writes",
            "        are the same. Keep a view, as a client; the connection ends when this client is closed, not",
            '        with the view."""',
            "        view = copy.copy(self)",
            "        view._use(self._calls.eventual(max_staleness))",
            "        view._is_view = True",
            "        return view",
            "",
            f"    {a}def close(self) -> None:",
            '        """Ends the connection and the calls that use it; of a view, nothing."""',
            "        if not self._is_view:",
            f"            {w}self.channel.close()",
            "",
            f"    {a}def __{e}enter__(self) -> {self.prefix}Client:",
            "        return self",
            "",
            f"    {a}def __{e}exit__(self, *_: object) -> None:",
            f"        {w}self.close()",
        )


class Writer:
    """Writes one method of a collection."""

    def __init__(self, text: ClientText, collection: Collection, method: Method, function: str):
        self.text = text
        self.contract = text.contract
        self.collection = collection
        self.method = method
        self.function = function
        self.request = self.contract.method(method).input_type
        self.response = self.contract.method(method).output_type
        self.w = "await " if text.is_async else ""

    def write(self) -> None:
        getattr(self, f"write_{self.method.kind.lower()}")()

    def role_field(self, role: str) -> FieldDescriptor:
        return self.request.fields_by_name[self.method.role(role)]

    def verb(self, name: str | None = None) -> str:
        verb = name or self.method.verb
        return f"{verb}_" if verb == "import" else verb

    @property
    def constant(self) -> str:
        name = snake(self.method.path[1:].replace(".", "_").replace("/", "_")).upper()
        self.text.constants[f"_{name}"] = f'Method("{self.method.path}", {self.method.is_read})'
        return f"_{name}"

    @property
    def constant_for_update(self) -> str:
        """The constant of a read as `update` does it."""
        name = f"{self.constant}_FOR_UPDATE"
        self.text.constants[name] = f'Method("{self.method.path}", True, is_for_update=True)'
        return name

    def define(self, first: list[str], more: list[Parameter], result: str, name: str | None = None,
               plain: bool = False, timeout: str = "timeout: Optional[float] = None") -> None:  # fmt: skip
        a = "async " if self.text.is_async and not plain else ""
        given = [*first, "*", *(declaration(p) for p in more), timeout]
        self.text.add(f"    {a}def {self.verb(name)}(self, {', '.join(given)}) -> {result}:")
        self.text.add(*docstring(self.contract.comments.get(self.method.name, self.method.short_name), " " * 8))

    def build(self, values: dict[str, str], name: str = "request", indent: str = " " * 8) -> None:
        """Adds the lines that make a request of fields and expressions."""
        plain = {field: value for field, value in values.items() if not Parameter.is_keyword(field)}
        made = ", ".join(f"{field}={value}" for field, value in plain.items())
        self.text.add(f"{indent}{name} = {class_of(self.request)}({made})")
        for field in values.keys() - plain.keys():
            self.text.add(f'{indent}setattr({name}, "{field}", {values[field]})')

    def others(self, *roles: str) -> list[Parameter]:
        """Parameters for the fields of the request that have no role."""
        taken = {self.method.role(role) for role in roles} | {
            "requests",
            "request_id",
            "page_size",
            "page_token",
        }
        return parameters(self.request, taken)

    def unary(self, result: str, has_id: bool) -> str:
        request_id = "request_id" if has_id else "None"
        return f"{self.w}self._calls.unary({self.function}, request, {self.constant}, {request_id}, timeout)"

    def request_id(self) -> list[Parameter]:
        name = self.method.role("request_id")
        return [Parameter(self.request.fields_by_name[name], type_="Optional[str]", default="None")] if name else []

    def simple(self, first: list[Parameter], more: list[Parameter], result: str, fields: dict[str, str] | None = None,
               name: str | None = None) -> None:  # fmt: skip
        """A unary method whose parameters are the fields of the request."""
        ids = self.request_id()
        self.define([p.declared for p in first], [*more, *ids], result, name)
        if ids:
            self.text.add("        request_id = request_id or new_request_id()")
        values = {p.field.name: p.value for p in (*first, *more, *ids)} | (fields or {})
        self.build(values)
        call = self.unary(result, bool(ids))
        if result == "None":
            self.text.add(f"        {call}")
        elif result.startswith("List["):
            self.text.add(f"        response = {call}", f"        return list(response.{self.method.role('rows')})")
        else:
            self.text.add(f"        return {call}")

    def write_get(self) -> None:
        self.simple([Parameter(self.role_field("key"))], self.others("key"), class_of(self.response))

    def write_delete(self) -> None:
        self.simple([Parameter(self.role_field("key"))], self.others("key"), "None")

    def write_body(self, name: str | None = None) -> None:
        self.simple([Parameter(self.role_field("body"), type_=class_of(self.role_field("body").message_type))],
                    self.others("body"), class_of(self.response), name=name)  # fmt: skip

    write_create = write_upsert = write_body

    def write_update(self) -> None:
        self.write_body(self.method.verb.replace("update", "patch", 1))

    def write_batch_get(self) -> None:
        keys = self.request.fields_by_name[f"{self.collection.key}s"]
        row = class_of(self.contract.message(self.collection.resource))
        self.simple([Parameter(keys)], parameters(self.request, {keys.name}), f"List[{row}]")

    def write_batch_create(self) -> None:
        row = class_of(self.contract.message(self.collection.resource))
        element = self.contract.pool.FindMethodByName(self.method.role("element")).input_type
        body = next(field.name for field in element.fields if is_type(field, self.collection.resource))
        ids = self.request_id()
        self.define([f"rows: Iterable[{row}]"], [*self.others(), *ids], f"List[{row}]")
        if ids:
            self.text.add("        request_id = request_id or new_request_id()")
        values = {p.field.name: p.value for p in (*self.others(), *ids)}
        self.build({"requests": f"[{class_of(element)}({body}=row) for row in rows]"} | values)
        self.text.add(f"        response = {self.unary('', bool(ids))}")
        self.text.add(f"        return list(response.{self.method.role('rows')})")

    def write_batch_update(self) -> None:
        row = class_of(self.contract.message(self.collection.resource))
        requests = Parameter(self.request.fields_by_name["requests"])
        self.simple([requests], self.others(), f"List[{row}]")

    def write_batch_delete(self) -> None:
        field = self.request.fields_by_name.get("requests")
        field = field or self.request.fields_by_name[f"{self.collection.key}s"]
        self.simple([Parameter(field)], parameters(self.request, {field.name, "request_id"}), "None")

    def write_list(self) -> None:
        row = class_of(self.contract.message(self.collection.resource))
        page = class_of(self.response)
        more = self.others()
        names = set(self.request.fields_by_name)
        paging = [n for n in ("page_size", "page_token") if n in names]
        pages = f"{self.text.prefix}Pages[{page}, {row}]"
        first = {"page_size": "page_size: int = 0", "page_token": 'page_token: str = ""'}
        given = ["*", *(declaration(p) for p in more), *(first[n] for n in paging)]
        given += ["limit: Optional[int] = None", "timeout: Optional[float] = None"]
        self.text.add(f"    def {self.verb()}(self, {', '.join(given)}) -> {pages}:")
        about = self.contract.comments.get(self.method.name, self.method.short_name)
        about += (
            "\n\nIteration reads all pages, at most `limit` rows, and one page ahead; `timeout` is for one\n"
            "page. A page has `page_size` rows at most, or as many as the server chooses."
        )
        self.text.add(*docstring(about, " " * 8), "")
        has_token = "page_token" in names
        values = {p.field.name: p.value for p in more}
        if "page_size" in names:
            values["page_size"] = "page_size"
        if has_token:
            values["page_token"] = "token"
        self.text.add(f"        def request(token: str) -> {class_of(self.request)}:")
        self.build(values, "new", indent=" " * 12)
        self.text.add("            return new")
        call = "unary" if self.text.is_async else "prefetch"
        arguments = "None, timeout" if self.text.is_async else "timeout"
        first_token = "page_token" if has_token else '""'
        token = "page.next_page_token" if has_token else '""'
        made = f"self._calls.{call}({self.function}, request(token), {self.constant}, {arguments})"
        self.text.add(
            "",
            f"        return {self.text.prefix}Pages(",
            f"            lambda token: {made},",
            f"            lambda page: (page.{self.method.role('rows')}, {token}),",
            f"            {first_token},",
            "            limit,",
            "        )",
        )

    def write_import(self) -> None:
        row = class_of(self.contract.message(self.collection.resource))
        request, body = class_of(self.request), self.method.role("body")
        has_ids = "request_id" in self.request.fields_by_name
        rows = f"Rows[{row}]" if self.text.is_async else f"Iterable[{row}]"
        first = [f"rows: {rows}", "*", "progress: Optional[Progress] = None"]
        if has_ids:
            first.append("request_ids: bool = False")
        first.append("timeout: Optional[float] = None")
        a = "async " if self.text.is_async else ""
        self.text.add(f"    {a}def {self.verb()}(self, {', '.join(first)}) -> ImportResult:")
        about = self.contract.comments.get(self.method.name, self.method.short_name)
        about += "\n\nRows are taken as fast as the server stores them. An import that fails keeps the rows that\n"
        about += "it has created: the error's metadata have `imported_count`, `failed_count` and `position`."
        if has_ids:
            about += "\n`request_ids` gives each row an id, which the server remembers."
        self.text.add(*docstring(about, " " * 8), "")
        made = f"{request}({body}=row, request_id=new_request_id() if request_ids else \"\")" if has_ids else (
            f"{request}({body}=row)"
        )  # fmt: skip
        self.text.add(f"        def request(row: {row}) -> {request}:", f"            return {made}", "")
        requests = "map_rows(request, rows)" if self.text.is_async else "map(request, rows)"
        self.text.add(
            f"        response = {self.w}self._calls.send_rows(",
            f"            {self.function}, {requests}, {self.constant}, progress, timeout",
            "        )",
            "        return ImportResult(",
            "            response.imported_count,",
            "            response.failed_count,",
            "            [ImportFailure(f.position, from_status(f.status)) for f in response.failures],",
            "        )",
        )

    def write_export(self) -> None:
        row = class_of(self.response)
        kind = "AsyncIterator" if self.text.is_async else "Iterator"
        more = self.others()
        progress = "progress: Optional[Progress] = None, timeout: Optional[float] = None"
        self.define([], more, f"{kind}[{row}]", plain=True, timeout=progress)
        self.build({p.field.name: p.value for p in more})
        self.text.add(
            f"        return self._calls.receive_rows({self.function}, request, {self.constant}, progress, timeout)"
        )

    def write_custom(self) -> None:
        request = class_of(self.request)
        result = class_of(self.response)
        self.define([f"request: {request}"], [], result)
        if self.method.role("request_id"):
            self.text.add(
                f"        copy = {request}()",
                "        copy.CopyFrom(request)",
                "        copy.request_id = request_id = copy.request_id or new_request_id()",
                "        request = copy",
            )
        self.text.add(f"        return {self.unary(result, bool(self.method.role('request_id')))}")


def import_lines(file: str) -> list[str]:
    """The imports of the modules of a proto file."""
    folder, _, name = file.removesuffix(".proto").rpartition("/")
    if is_packaged(file):
        return [f"from {folder.replace('/', '.')} import {name}_pb2 as {module_of(file)}"]
    parts = folder.split("/", 2)
    package = f".protos.{parts[2].replace('/', '.')}" if len(parts) > 2 else ".protos"
    return [
        f"from {package} import {name}_pb2 as {module_of(file)}",
        f"from {package} import {name}_pb2_grpc as {module_of(file)}_grpc",
    ]


def client(contract: Contract, is_async: bool) -> str:
    return ClientText(contract, is_async).text()


def exports(contract: Contract) -> str:
    """The text of the package's __init__: the clients, the errors, and the messages whose
    names are clear."""
    runtime = {
        "connection": ["Tls", "Token", "channel_options", "service_config"],
        "errors": [
            "Aborted", "AlreadyExists", "DeadlineExceeded", "FailedPrecondition", "Internal", "InvalidArgument",
            "NotFound", "OutcomeUnknown", "PermissionDenied", "RequestIdReused", "ServiceError", "TooBusy",
            "Unauthenticated", "Unavailable", "VersionMismatch", "Violation", "from_rpc_error",
        ],
        "retry": ["Policy", "new_request_id"],
        "values": ["ImportFailure", "ImportResult"],
    }  # fmt: skip
    own = {"Client", "AsyncClient"} | {name for names in runtime.values() for name in names}
    messages: dict[str, list[str]] = {}
    for file in contract.pool_files():
        if not is_packaged(file.name):
            for name in (*file.message_types_by_name, *file.enum_types_by_name):
                messages.setdefault(name, []).append(file.name)
    lines = [
        '"""Made by clients/generate from the contract; changes are lost."""',
        "",
        "from .async_client import AsyncClient",
    ]
    for name, files in messages.items():
        if len(files) == 1 and name not in own:
            module = import_lines(files[0])[0].removeprefix("from ").split(" import ")
            lines.append(f"from {module[0]}.{module[1].split(' ')[0]} import {name}")
            own.add(name)
    for module, names in runtime.items():
        lines.append(f"from .runtime.{module} import {', '.join(names)}")
    lines += ["from .sync_client import Client", "", "__all__ = ["]
    lines += [f'    "{name}",' for name in sorted(own)]
    return "\n".join([*lines, "]"]) + "\n"
