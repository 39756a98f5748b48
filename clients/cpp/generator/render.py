"""The collections of a contract as C++ text."""

from __future__ import annotations

from dataclasses import dataclass, field

from arrangement import Collection, Method, snake
from descriptors import FileSet, is_packaged
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool
from names import accessor, camel, qualified, scalar, type_of

EMPTY = "google.protobuf.Empty"
EFFECTS = {"CUSTOM": "kUnknown", "IMPORT": "kWrites"}
RUNTIME = "::dataservice::client::"
CALL = "const CallOptions& options = {}"


@dataclass
class Contract:
    name: str
    version: str
    pool: DescriptorPool
    files: FileSet
    comments: dict[str, str]
    collections: list[Collection]
    service_config: str

    @property
    def namespace(self) -> str:
        return f"{self.name}_client"

    def message(self, name: str) -> Descriptor:
        return self.pool.FindMessageTypeByName(name)

    def method(self, method: Method):
        return self.pool.FindMethodByName(method.name)

    def own_files(self) -> list:
        return [self.pool.FindFileByName(f.name) for f in self.files.file if not is_packaged(f.name)]


@dataclass
class Text:
    """Declarations and definitions of a class."""

    public: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)

    def declare(self, about: str, *lines: str) -> None:
        self.public += ["", *comment(about), *lines]

    def define(self, *lines: str) -> None:
        self.definitions += ["", *lines]


def comment(text: str) -> list[str]:
    return [f"// {line}".rstrip() for line in text.splitlines()]


class CollectionText:
    """Writes the class of one collection."""

    def __init__(self, contract: Contract, collection: Collection):
        self.contract = contract
        self.collection = collection
        self.text = Text()
        self.row = qualified(collection.resource) if collection.resource else ""
        # A service's stub is a member: the first one is called stub.
        self.stubs = {
            service: "stub" if i == 0 else f"{snake(service.rpartition('.')[2])}_stub"
            for i, service in enumerate(collection.services)
        }
        for method in collection.methods:
            self.method(method)
        self.modify()

    # The declaration and the definition of the class.

    def declaration(self) -> list[str]:
        name, collection = self.collection.name, self.collection
        about = self.contract.comments.get(collection.resource or collection.services[0], name)
        made = ", ".join(f"std::shared_ptr<{self.stub_type(s)}> {stub}" for s, stub in self.stubs.items())
        lines = [*comment(about), *comment("Thread-safe."), f"class {name} {{", " public:"]
        lines.append(f"  {name}(std::shared_ptr<const Connection> connection, {made});")
        for service, stub in self.stubs.items():
            lines += ["", f"  // The bare stub of {service}."]
            lines.append(f"  {self.stub_type(service)}& {stub}() const {{ return *{stub}_; }}")
        lines += [f"  {line}" if line else "" for line in self.text.public]
        lines += ["", " private:", *(f"  {line}" for line in self.text.private)]
        lines.append("  std::shared_ptr<const Connection> connection_;")
        lines += [f"  std::shared_ptr<{self.stub_type(s)}> {stub}_;" for s, stub in self.stubs.items()]
        return [*lines, "};"]

    def definition(self) -> list[str]:
        name = self.collection.name
        given = ", ".join(f"std::shared_ptr<{self.stub_type(s)}> {stub}" for s, stub in self.stubs.items())
        members = ", ".join(f"{stub}_(std::move({stub}))" for stub in self.stubs.values())
        return [
            "",
            f"{name}::{name}(std::shared_ptr<const Connection> connection, {given})",
            f"    : connection_(std::move(connection)), {members} {{}}",
            *self.text.definitions,
        ]

    @staticmethod
    def stub_type(service: str) -> str:
        return f"{qualified(service)}::StubInterface"

    # The methods.

    def method(self, method: Method) -> None:
        descriptor = self.contract.method(method)
        if method.kind == "CUSTOM" and (descriptor.client_streaming or descriptor.server_streaming):
            return  # The stub has it.
        effect = "kRead" if method.is_read else EFFECTS.get(method.kind, "kWrite")
        path = method.path.removeprefix("/")
        self.text.constants.append(f'constexpr Method {constant(method)}{{"{path}", Effect::{effect}}};')
        write = {"LIST": self.list, "IMPORT": self.import_rows, "EXPORT": self.export}
        write.get(method.kind, self.unary)(method)
        if method.kind in ("GET", "DELETE"):
            self.by_key(method)
        elif method.kind in ("CREATE", "UPSERT", "UPDATE"):
            self.by_row(method)

    def about(self, method: Method, more: str = "") -> str:
        text = self.contract.comments.get(method.name, method.short_name)
        return f"{text}\n{more}" if more else text

    def call(self, method: Method) -> str:
        return f"{self.stubs[method.service]}_->{method.short_name}"

    def result(self, method: Method) -> str:
        output = self.contract.method(method).output_type
        return "absl::Status" if output.full_name == EMPTY else f"absl::StatusOr<{type_of(output)}>"

    def unary(self, method: Method) -> None:
        descriptor = self.contract.method(method)
        request, response = type_of(descriptor.input_type), type_of(descriptor.output_type)
        verb, result = camel(method.verb), self.result(method)
        identified = bool(method.role("request_id"))
        given = f"{request} request" if identified else f"const {request}& request"
        self.text.declare(self.about(method), f"{result} {verb}({given}, {CALL}) const;")
        sent = (
            f"{RUNTIME}Call<{response}>(*connection_, {constant(method)}, {str(identified).lower()}, options,"
            " [&](grpc::ClientContext* context, auto* response) {"
            f" return {self.call(method)}(context, request, response); }})"
        )
        self.text.define(
            f"{result} {self.collection.name}::{verb}({given}, const CallOptions& options) const {{",
            *([f"  {RUNTIME}Identify(request);"] if identified else []),
            f"  return {sent}{'.status()' if result == 'absl::Status' else ''};",
            "}",
        )

    def by_key(self, method: Method) -> None:
        """The overload with the key alone."""
        request = self.contract.method(method).input_type
        key = request.fields_by_name[method.role("key")]
        verb, result, name = camel(method.verb), self.result(method), accessor(key.name)
        self.text.public.append(f"{result} {verb}({scalar(key)} {name}, {CALL}) const;")
        self.text.define(
            f"{result} {self.collection.name}::{verb}({scalar(key)} {name}, const CallOptions& options) const {{",
            f"  {type_of(request)} request;",
            f"  request.set_{name}({name});",
            f"  return {verb}({moved(method)}, options);",
            "}",
        )

    def by_row(self, method: Method) -> None:
        """The overload with the resource; an update also has the names of the fields to write."""
        request, verb, result = self.contract.method(method).input_type, camel(method.verb), self.result(method)
        mask = method.role("update_mask")
        paths = ["const std::vector<std::string>& paths"] if mask else []
        if mask:
            self.text.public += comment("Writes the fields with these names; without names, those that are not empty.")
        self.text.public.append(f"{result} {verb}({', '.join([f'{self.row} row', *paths, CALL])}) const;")
        given = ", ".join([f"{self.row} row", *paths, "const CallOptions& options"])
        self.text.define(
            f"{result} {self.collection.name}::{verb}({given}) const {{",
            f"  {type_of(request)} request;",
            f"  *request.mutable_{accessor(method.role('body'))}() = std::move(row);",
            *(
                [f"  for (const std::string& path : paths) request.mutable_{accessor(mask)}()->add_paths(path);"]
                if mask
                else []
            ),
            f"  return {verb}({moved(method)}, options);",
            "}",
        )

    def modify(self) -> None:
        """The update that reads, changes and writes."""
        collection = self.collection
        get, update = collection.find("GET"), collection.find("UPDATE")
        if not collection.is_changed_by_function:
            return
        # Without a mask, an update writes all fields.
        mask = update.role("update_mask")
        key = self.contract.method(get).input_type.fields_by_name[get.role("key")]
        name, request = accessor(key.name), type_of(self.contract.method(update).input_type)
        change = f"absl::FunctionRef<absl::Status({self.row}&)> change"
        stubs = ", ".join(f"{stub}_" for stub in self.stubs.values())
        self.text.declare(
            "Reads the resource, calls change with it, and writes the fields that it has changed, if\n"
            "nobody else has written meanwhile. Otherwise it starts again, a bounded number of times, so\n"
            "that change can be called several times. change returns nothing or an absl::Status, whose\n"
            "error ends the update. Returns the resource as it is then.",
            "template <class Change>",
            f"absl::StatusOr<{self.row}> Update({scalar(key)} {name}, Change&& change, {CALL}) const {{",
            f"  return Modify{self.collection.name}(",
            f"      {name}, [&]({self.row}& row) {{ return {RUNTIME}Apply(change, row); }}, options);",
            "}",
        )
        self.text.private.append(
            f"absl::StatusOr<{self.row}> Modify{collection.name}({scalar(key)} {name}, {change},"
            " const CallOptions& options) const;"
        )
        self.text.define(
            f"absl::StatusOr<{self.row}> {collection.name}::Modify{collection.name}("
            f"{scalar(key)} {name}, {change}, const CallOptions& options) const {{",
            f"  return {RUNTIME}Modify<{self.row}>(",
            f'      *connection_, {{"{collection.key}", "{collection.etag}"}}, options,',
            "      [&](const CallOptions& call) {",
            "        // An old row would only lead to a conflict.",
            f"        return {collection.name}({RUNTIME}WithMaxStaleness(connection_, std::nullopt), {stubs})",
            f"            .Get({name}, call);",
            "      },",
            f"      [&](const {self.row}& row, const ::google::protobuf::FieldMask&{' mask' if mask else ''},"
            " const CallOptions& call) {",
            f"        {request} request;",
            f"        *request.mutable_{accessor(update.role('body'))}() = row;",
            *([f"        *request.mutable_{accessor(mask)}() = mask;"] if mask else []),
            f"        return Update({moved(update)}, call);",
            "      },",
            "      change);",
            "}",
        )

    def list(self, method: Method) -> None:
        descriptor = self.contract.method(method)
        request, response = type_of(descriptor.input_type), type_of(descriptor.output_type)
        verb, rows = camel(method.verb), accessor(method.role("rows"))
        self.text.declare(
            self.about(method, "The range reads all pages, and one page ahead."),
            f"RowRange<{self.row}> {verb}({request} request = {{}}, ListOptions options = {{}}) const;",
            "// One page.",
            f"absl::StatusOr<{response}> {verb}Page(const {request}& request, {CALL}) const;",
        )
        name = self.collection.name
        self.text.define(
            f"RowRange<{self.row}> {name}::{verb}({request} request, ListOptions options) const {{",
            f"  using Reader = PageReader<{request}, {response}, {self.row}>;",
            f"  return RowRange<{self.row}>(std::make_unique<Reader>(std::move(request), std::move(options),",
            f"      [self = *this](const {request}& page, const CallOptions& call) {{",
            f"        return self.{verb}Page(page, call);",
            "      },",
            f"      []({response}& page) {{ return page.mutable_{rows}(); }}));",
            "}",
            "",
            f"absl::StatusOr<{response}> {name}::{verb}Page(",
            f"    const {request}& request, const CallOptions& options) const {{",
            f"  return {RUNTIME}Call<{response}>(*connection_, {constant(method)}, false, options,",
            "      [&](grpc::ClientContext* context, auto* response) {",
            f"        return {self.call(method)}(context, request, response);",
            "      });",
            "}",
        )

    def import_rows(self, method: Method) -> None:
        descriptor = self.contract.method(method)
        request, response = type_of(descriptor.input_type), type_of(descriptor.output_type)
        verb, body = camel(method.verb), accessor(method.role("body"))
        name, stub = self.collection.name, self.stubs[method.service]
        fields = method.roles["import"]
        identify = (
            f"{RUNTIME}Identify<{request}>" if "request_id" in descriptor.input_type.fields_by_name else "nullptr"
        )
        self.text.declare(
            self.about(
                method,
                "\n`rows` is a range of rows, or a function that returns the next one as std::optional, or\n"
                "absl::StatusOr of that. Each row is created once, also if a stream breaks.",
            ),
            "template <class Rows>",
            f"absl::StatusOr<ImportResult> {verb}(Rows&& rows, ImportOptions<{self.row}> options = {{}}) const {{",
            f"  return {verb}Source({RUNTIME}SourceOf<{self.row}>(rows), std::move(options));",
            "}",
        )
        self.text.private.append(
            f"absl::StatusOr<ImportResult> {verb}Source(const RowSource<{self.row}>& source,"
            f" ImportOptions<{self.row}> options) const;"
        )
        names = ", ".join(f'"{fields[role]}"' for role in ("failed_count", "failures", "position", "status"))
        self.text.constants.append(f"constexpr ImportFields {constant(method)}Fields{{{names}}};")
        self.text.define(
            f"absl::StatusOr<ImportResult> {name}::{verb}Source(",
            f"    const RowSource<{self.row}>& source, ImportOptions<{self.row}> options) const {{",
            f"  Importer<{request}, {response}, {self.row}> importer(",
            f"      connection_, {constant(method)}, {constant(method)}Fields, std::move(options),",
            f"      [stub = {stub}_](grpc::ClientContext* context, {response}* response) {{",
            f"        return stub->{method.short_name}(context, response);",
            "      },",
            f"      []({request}& request) {{ return request.mutable_{body}(); }}, {identify});",
            "  return importer.Run(source);",
            "}",
        )

    def export(self, method: Method) -> None:
        request = type_of(self.contract.method(method).input_type)
        verb, name, stub = camel(method.verb), self.collection.name, self.stubs[method.service]
        self.text.declare(
            self.about(method, "Rows are received no faster than they are used."),
            f"RowRange<{self.row}> {verb}({request} request = {{}}, ExportOptions options = {{}}) const;",
        )
        self.text.define(
            f"RowRange<{self.row}> {name}::{verb}({request} request, ExportOptions options) const {{",
            f"  return RowRange<{self.row}>(std::make_unique<ExportReader<{self.row}>>(",
            f"      connection_, {constant(method)}, std::move(options),",
            f"      [stub = {stub}_, request = std::move(request)](grpc::ClientContext* context) {{",
            f"        return stub->{method.short_name}(context, request);",
            "      }));",
            "}",
        )


def moved(method: Method) -> str:
    """A request as argument of the overload that takes it."""
    return "std::move(request)" if method.role("request_id") else "request"


def constant(method: Method) -> str:
    return f"k{method.service.rpartition('.')[2]}{method.short_name}"
