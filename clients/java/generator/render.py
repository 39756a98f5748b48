"""The client classes of a contract as Java text; google-java-format lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from arrangement import Collection, Method, snake
from descriptors import FileSet
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from names import KEYWORDS, accessor, camel, class_of, grpc_class_of, pascal, type_of

HEAD = "// Made by clients/generate from the contract; changes are lost.\n"
IMPORTS = """
import {runtime}.Calls;
import {runtime}.ImportMethod;
import {runtime}.ImportOptions;
import {runtime}.ImportResult;
import {runtime}.Method;
import {runtime}.Pages;
import {runtime}.Rows;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
"""
# Members of every client, beside its collections.
MEMBERS = {"calls", "channel", "close", "eventual", "isView", "notify", "serviceConfig", "wait"}
EVENTUAL = """
/**
 * A view of this client whose reads (get, batchGet, list with all its pages, exportRows) a standby of
 * the database may answer. It sees every write that this client or a view of it has made, and that has
 * ended, successfully or not, before the read began; calls of bare stubs do not count. It may not see
 * what other clients wrote in the last moment, whose length only the service bounds
 * (--max_reader_lag). If no standby is recent enough, the database itself answers.
 *
 * <p>Writes are the same in a view, and an update by a change reads from the database itself. The view
 * shares the connection: it needs no close, and ends with the client that made the connection.
 */
public Client eventual() { return new Client(calls.eventual(), true); }

/**
 * A view as eventual(), which sees all that other clients wrote earlier than so long ago.
 *
 * @param maxStaleness rounded down to whole milliseconds; with less than one the database itself answers
 * @throws IllegalArgumentException maxStaleness is negative
 */
public Client eventual(Duration maxStaleness) { return new Client(calls.eventual(maxStaleness), true); }

"""
# Names of java.lang and of the classes beside a collection.
TAKEN = {
    "Client",
    "Connection",
    "Iterable",
    "ManagedChannel",
    "Map",
    "Object",
    "Options",
    "Override",
    "Stream",
    "String",
}


@dataclass
class Contract:
    pool: DescriptorPool
    files: FileSet
    comments: dict[str, str]
    collections: list[Collection]
    package: str

    @property
    def runtime(self) -> str:
        return f"{self.package}.runtime"


def javadoc(text: str) -> str:
    """A comment of the contract: its backquotes are code, and it has no markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("*/", "*&#47;").replace("@", "&#64;").replace("\\", "&#92;")
    parts = text.split("`")
    if len(parts) % 2:
        text = "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
    paragraphs = "\n\n<p>".join(text.strip().split("\n\n"))
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in paragraphs.splitlines()) + " */\n"


def class_name(collection: Collection) -> str:
    """The name of a collection's class, which must not be one that the class uses."""
    is_taken = collection.name in TAKEN or f".{collection.name};" in IMPORTS
    return f"{collection.name}Collection" if is_taken else collection.name


def method_name(method: Method) -> str:
    """The name of a method in its collection."""
    if method.kind == "UPDATE":
        return camel(method.verb.replace("update", "patch", 1))
    if method.verb in ("import", "export"):
        return f"{method.verb}Rows"
    return camel(method.verb)


class CollectionText:
    """Writes the class of one collection."""

    def __init__(self, contract: Contract, collection: Collection):
        self.contract = contract
        self.collection = collection
        self.resource = contract.pool.FindMessageTypeByName(collection.resource) if collection.resource else None
        self.out: list[str] = []

    def text(self) -> str:
        name = class_name(self.collection)
        about = self.contract.comments.get(self.collection.resource or self.collection.services[0], name)
        constants = "".join(self.constant(method) for method in self.collection.methods)
        listed = ", ".join(map(self.constant_name, self.collection.methods))
        for method in self.collection.methods:
            getattr(self, f"add_{method.kind.lower()}")(method)
        self.add_update_by_change()
        return (
            HEAD
            + f"package {self.contract.package};\n"
            + IMPORTS.format(runtime=self.contract.runtime)
            + f"\n{javadoc(about)}public final class {name} {{\n{constants}"
            + f"static final List<Method<?, ?>> METHODS = List.of({listed});\n"
            + f"private final Calls calls;\n\n{name}(Calls calls) {{ this.calls = calls; }}\n\n"
            + "/** The same resources, with another timeout of calls, chunks of imports, and exports. */\n"
            + f"public {name} withTimeout(Duration timeout) {{ return new {name}(calls.withTimeout(timeout)); }}\n"
            + "".join(self.stub(i, service) for i, service in enumerate(self.collection.services))
            + "".join(self.out)
            + "}\n"
        )

    # Names and types.

    def constant_name(self, method: Method) -> str:
        service = snake(method.service.rpartition(".")[2]) if len(self.collection.services) > 1 else ""
        return f"{service}_{snake(method.short_name)}".lstrip("_").upper()

    def constant(self, method: Method) -> str:
        described = self.contract.pool.FindMethodByName(method.name)
        types = f"{class_of(described.input_type)}, {class_of(described.output_type)}"
        made = f"{grpc_class_of(described.containing_service)}.get{described.name}Method()"
        is_read = str(method.is_read).lower()
        return f"private static final Method<{types}> {self.constant_name(method)} = new Method<>({made}, {is_read});\n"

    def stub(self, index: int, service: str) -> str:
        described = self.contract.pool.FindServiceByName(service)
        grpc = grpc_class_of(described)
        name = "stub" if index == 0 else f"{camel(described.name)}Stub"
        return (
            f"\n/** The bare stub of {service}: without deadline, repetitions and types of errors. */\n"
            f"public {grpc}.{described.name}BlockingStub {name}() {{"
            f" return {grpc}.newBlockingStub(calls.connection().channel()); }}\n"
        )

    def request(self, method: Method) -> Descriptor:
        return self.contract.pool.FindMethodByName(method.name).input_type

    def response(self, method: Method) -> Descriptor:
        return self.contract.pool.FindMethodByName(method.name).output_type

    def row(self) -> str:
        return class_of(self.resource)

    def about(self, method: Method, more: str = "") -> str:
        text = self.contract.comments.get(method.name, method.short_name)
        return "\n" + javadoc(f"{text}\n\n{more}" if more else text)

    @staticmethod
    def variable(name: str) -> str:
        """A parameter's name, which must not hide the package of a type or a local name."""
        name = camel(name)
        return f"{name}_" if name in {"calls", "request", "sent", "com", "io", "java"} else name

    # Unary methods.

    def add_unary(self, method: Method, result: str, value: str = "") -> None:
        """The method that takes the request."""
        request = class_of(self.request(method))
        identifier = method.role("request_id")
        sent, given, lines = "request", "null", ""
        if identifier:
            name = pascal(identifier)
            sent, given = "sent", f"sent.get{name}()"
            lines = (
                f"{request} sent = request.get{name}().isEmpty()"
                f" ? request.toBuilder().set{name}(Calls.newRequestId()).build() : request;\n"
            )
        call = f"calls.unary({self.constant_name(method)}, {sent}, {given})"
        body = f"{call};" if result == "void" else f"return {call}{value};"
        self.out.append(
            f"{self.about(method)}public {result} {method_name(method)}({request} request) {{\n{lines}{body}\n}}\n"
        )

    def add_short(self, method: Method, declared: str, setting: str, result: str) -> None:
        """The method that takes what most requests have."""
        request = class_of(self.request(method))
        name = method_name(method)
        returned = "" if result == "void" else "return "
        self.out.append(
            f"{self.about(method)}public {result} {name}({declared}) {{\n"
            f"{returned}{name}({request}.newBuilder().{setting}.build());\n}}\n"
        )

    def add_of_field(self, method: Method, field: FieldDescriptor, result: str, value: str = "") -> None:
        name = self.variable(field.name)
        if field.is_repeated:
            declared = f"Iterable<? extends {type_of(field, True)}> {name}"
            # An Iterable<Integer> cannot be one of a subclass.
            if field.message_type is None:
                declared = f"Iterable<{type_of(field, True)}> {name}"
            self.add_short(method, declared, f"addAll{accessor(field)}({name})", result)
        else:
            self.add_short(method, f"{type_of(field)} {name}", f"set{accessor(field)}({name})", result)
        self.add_unary(method, result, value)

    def add_get(self, method: Method) -> None:
        key = self.request(method).fields_by_name[method.role("key")]
        self.add_of_field(method, key, class_of(self.response(method)))

    def add_delete(self, method: Method) -> None:
        key = self.request(method).fields_by_name[method.role("key")]
        self.add_of_field(method, key, "void")

    def add_create(self, method: Method) -> None:
        body = self.request(method).fields_by_name[method.role("body")]
        self.add_of_field(method, body, class_of(self.response(method)))

    add_upsert = add_update = add_create

    def rows_of(self, method: Method) -> str:
        return f".get{pascal(method.role('rows'))}List()"

    def add_batch_get(self, method: Method) -> None:
        keys = self.request(method).fields_by_name[f"{self.collection.key}s"]
        self.add_of_field(method, keys, f"List<{self.row()}>", self.rows_of(method))

    def add_batch_create(self, method: Method) -> None:
        element = self.contract.pool.FindMethodByName(method.role("element")).input_type
        body = next(field for field in element.fields if field.message_type == self.resource)
        request, name = class_of(self.request(method)), method_name(method)
        self.out.append(
            f"{self.about(method)}public List<{self.row()}> {name}(Iterable<? extends {self.row()}> rows) {{\n"
            f"{request}.Builder request = {request}.newBuilder();\n"
            f"for ({self.row()} row : rows) {{ request.addRequestsBuilder().set{accessor(body)}(row); }}\n"
            f"return {name}(request.build());\n}}\n"
        )
        self.add_unary(method, f"List<{self.row()}>", self.rows_of(method))

    def add_batch_update(self, method: Method) -> None:
        requests = self.request(method).fields_by_name["requests"]
        self.add_of_field(method, requests, f"List<{self.row()}>", self.rows_of(method))

    def add_batch_delete(self, method: Method) -> None:
        fields = self.request(method).fields_by_name
        self.add_of_field(method, fields.get("requests") or fields[f"{self.collection.key}s"], "void")

    def add_custom(self, method: Method) -> None:
        self.add_unary(method, class_of(self.response(method)))

    # Methods of several calls, and streams.

    def add_built(self, method: Method, result: str) -> None:
        """The methods whose request a function fills, or is empty."""
        request, name = class_of(self.request(method)), method_name(method)
        self.out.append(
            f"{self.about(method)}public {result} {name}(Consumer<? super {request}.Builder> fields) {{\n"
            f"{request}.Builder request = {request}.newBuilder();\n"
            f"fields.accept(request);\nreturn {name}(request.build());\n}}\n"
            f"{self.about(method)}public {result} {name}() {{"
            f" return {name}({request}.getDefaultInstance()); }}\n"
        )

    def add_list(self, method: Method) -> None:
        request, response = self.request(method), self.response(method)
        fields = request.fields_by_name
        sets = "".join(f".set{pascal(f'page_{n}')}({n})" for n in ("size", "token") if f"page_{n}" in fields)
        made = f"request.toBuilder(){sets}.build()" if sets else "request"
        next_token = 'page -> ""'
        if "next_page_token" in response.fields_by_name:
            next_token = f"{class_of(response)}::getNextPageToken"
        size = "request.getPageSize()" if "page_size" in fields else "0"
        token = "request.getPageToken()" if "page_token" in fields else '""'
        result = f"Pages<{self.row()}>"
        about = self.about(
            method,
            "Iteration reads all pages, and one page ahead. A page has 1000 rows unless the request\nhas a size.",
        )
        self.out.append(
            f"{about}public {result} {method_name(method)}({class_of(request)} request) {{\n"
            f"return calls.pages({self.constant_name(method)}, (size, token) -> {made},"
            f" {class_of(response)}::get{pascal(method.role('rows'))}List, {next_token}, {size}, {token});\n}}\n"
        )
        self.add_built(method, result)

    def add_export(self, method: Method) -> None:
        request = class_of(self.request(method))
        result = f"Rows<{self.row()}>"
        name = method_name(method)
        self.out.append(
            f"{self.about(method, '`progress` gets the number of rows, ten times a second at most, and at the end.')}"
            f"public {result} {name}({request} request, LongConsumer progress) {{\n"
            f"return calls.exportRows({self.constant_name(method)}, request, progress);\n}}\n"
            f"{self.about(method)}public {result} {name}({request} request) {{"
            " return " + f"{name}(request, count -> {{}}); }}\n"
        )
        self.add_built(method, result)

    def add_import(self, method: Method) -> None:
        request, row = self.request(method), self.row()
        has_id = "request_id" in request.fields_by_name
        identifier = ".setRequestId(id)" if has_id else ""
        body = pascal(method.role("body"))
        types = f"{row}, {class_of(request)}, {class_of(self.response(method))}"
        described = f"{self.constant_name(method)}_ROWS"
        name = method_name(method)
        self.out.append(
            f"private static final ImportMethod<{types}> {described} = new ImportMethod<>("
            f"{self.constant_name(method)}, {str(has_id).lower()},"
            f" (row, id) -> {class_of(request)}.newBuilder().set{body}(row){identifier}.build(),"
            " response -> new ImportMethod.Response(response.getFailedCount(),"
            " response.getFailuresList().stream()"
            ".map(failure -> new ImportMethod.Refusal(failure.getPosition(), failure.getStatus())).toList()));\n"
            f"{self.about(method)}public ImportResult<{row}> {name}("
            f"Iterable<? extends {row}> rows, ImportOptions<{row}> options) {{\n"
            f"return calls.importRows({described}, rows, options);\n}}\n"
            f"{self.about(method)}public ImportResult<{row}> {name}(Iterable<? extends {row}> rows) {{"
            f" return {name}(rows, ImportOptions.defaults()); }}\n"
        )

    def add_update_by_change(self) -> None:
        """The method that reads, changes and writes."""
        collection = self.collection
        get, update = collection.find("GET"), collection.find("UPDATE")
        if not collection.is_changed_by_function:
            return
        key = self.resource.fields_by_name[collection.key]
        name = self.variable(key.name)
        request = f"{class_of(self.request(update))}.newBuilder()"
        setting = f".set{pascal(update.role('body'))}(row)"
        if update.role("update_mask"):
            setting += f".set{pascal(update.role('update_mask'))}(mask)"
        self.out.append(
            "\n/**\n * Reads, changes and writes the resource. Only the fields that differ are written, and only if"
            " nobody else\n * has written since; otherwise it is read and changed again, so the change may be called"
            " several times.\n */\n"
            f"public {self.row()} update({type_of(key)} {name}, Consumer<? super {self.row()}.Builder> change) {{\n"
            f"return calls.update(limited -> new {class_name(collection)}(limited).{method_name(get)}({name}),"
            f" (limited, row, mask) -> new {class_name(collection)}(limited).{method_name(update)}("
            f"{request}{setting}.build()),"
            f" row -> {{ {self.row()}.Builder builder = row.toBuilder(); change.accept(builder);"
            " return builder.build(); },"
            f' "{collection.key}", "{collection.etag}");\n}}\n'
        )


def getter(collection: Collection) -> str:
    """The method of the client that returns a collection."""
    name = camel(collection.attribute)
    return f"{name}_" if name in MEMBERS | KEYWORDS else name


def client(contract: Contract, name: str) -> str:
    collections = contract.collections
    runtime = contract.runtime
    methods = ", ".join(f"{class_name(c)}.METHODS" for c in collections)
    fields = "".join(f"private final {class_name(c)} {getter(c)};\n" for c in collections)
    made = "".join(f"{getter(c)} = new {class_name(c)}(calls);\n" for c in collections)
    getters = ""
    for collection in collections:
        about = contract.comments.get(collection.resource or collection.services[0], collection.name)
        getters += f"\n{javadoc(about)}public {class_name(collection)} {getter(collection)}() {{"
        getters += f" return {getter(collection)}; }}\n"
    return (
        f"{HEAD}package {contract.package};\n\n"
        f"import {runtime}.Calls;\nimport {runtime}.Connection;\nimport {runtime}.Method;\n"
        f"import {runtime}.Options;\nimport io.grpc.ManagedChannel;\n"
        "import java.time.Duration;\nimport java.util.List;\n"
        "import java.util.Map;\nimport java.util.stream.Stream;\n\n"
        f"/** A client of the {name} data service. Thread-safe; a program needs one. */\n"
        "public final class Client implements AutoCloseable {\n"
        "private static final List<Method<?, ?>> METHODS ="
        f" Stream.<List<Method<?, ?>>>of({methods}).<Method<?, ?>>flatMap(List::stream).toList();\n"
        f"private final Calls calls;\nprivate final boolean isView;\n{fields}\n"
        "/** Connects with TLS. */\npublic Client(String target) { this(target, Options.secure()); }\n\n"
        "/**\n * Does not wait for the service.\n *\n"
        " * @param target a gRPC target: HOST:PORT, or dns:///HOST:PORT for all addresses of the host\n"
        " * @param options how to connect\n */\n"
        "public Client(String target, Options options) {\n"
        f'this(new Calls(new Connection(target, options, METHODS, "{contract.package}")), false);\n}}\n\n'
        "private Client(Calls calls, boolean isView) {\n"
        f"this.calls = calls;\nthis.isView = isView;\n{made}}}\n{getters}\n"
        f"{EVENTUAL}"
        "/** The channel, for stubs; it sends the tokens of the client. */\n"
        "public ManagedChannel channel() { return calls.connection().channel(); }\n\n"
        "/** The gRPC service config, for ManagedChannelBuilder.defaultServiceConfig of another channel. */\n"
        "public static Map<String, ?> serviceConfig() { return Connection.serviceConfig(METHODS); }\n\n"
        "/** Ends the connection and the calls that use it. The close of an eventual view does nothing. */\n"
        "@Override\npublic void close() { if (!isView) { calls.connection().close(); } }\n}\n"
    )
