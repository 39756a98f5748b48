"""The header and the source of a contract's client."""

import pathlib
import re

from names import header_of, qualified, stub_header_of
from render import CollectionText, Contract

NOTICE = "The client is made by clients/generate from the contract; changes are lost."
# Names in these headers are names in the namespace of the client.
HEADERS = pathlib.Path(__file__).resolve().parent.parent / "runtime/include/dataservice/client"


def aliases(contract: Contract) -> list[str]:
    """Declarations that give the messages and enums with a clear name this name in the namespace."""
    taken = {"Client", "ChannelArguments"} | {collection.name for collection in contract.collections}
    for path in HEADERS.glob("*.h"):
        taken.update(re.findall(r"^(?:class|struct|enum class|using|\S.*?) (\w+)(?: |;|\()", path.read_text(), re.M))
    found: dict[str, list[str]] = {}
    for file in contract.own_files():
        for name, element in (*file.message_types_by_name.items(), *file.enum_types_by_name.items()):
            found.setdefault(name, []).append(element.full_name)
    return [f"using {qualified(names[0])};" for name, names in found.items() if len(names) == 1 and name not in taken]


def header(contract: Contract, texts: list[CollectionText]) -> str:
    collections = contract.collections
    guard = f"{contract.namespace}_CLIENT_H_".upper()
    includes = sorted(
        {header_of(f.name) for f in contract.own_files()}
        | {stub_header_of(f.name) for f in contract.own_files() if f.services_by_name}
    )
    runtime = ["call", "channel", "errors", "export", "import", "list", "modify", "options", "rows"]
    lines = [
        f"// {NOTICE}",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        "#include <absl/functional/function_ref.h>",
        "#include <absl/status/status.h>",
        "#include <absl/status/statusor.h>",
        "#include <absl/time/time.h>",
        "#include <grpcpp/channel.h>",
        "",
        "#include <memory>",
        "#include <string>",
        "#include <utility>",
        "#include <vector>",
        "",
        *(f'#include "{name}"' for name in sorted([*includes, *(f"dataservice/client/{n}.h" for n in runtime)])),
        "",
        f"// The client of the contract {contract.name}. What is the same for every contract is in",
        "// dataservice::client, and can be used by the name of this namespace too.",
        f"namespace {contract.namespace} {{",
        "",
        "using namespace ::dataservice::client;  // NOLINT(google-build-using-namespace)",
        *aliases(contract),
        "",
        "// The version of the package.",
        f'inline constexpr char kVersion[] = "{contract.version}";',
        "// The gRPC service config of the contract: round robin, and repetitions of reads.",
        "extern const char kServiceConfig[];",
        "// The arguments of a channel for bare stubs. A Client has a channel of its own.",
        "grpc::ChannelArguments ChannelArguments();",
    ]
    for text in texts:
        lines += ["", *text.declaration()]
    lines += [
        "",
        "// A connection to the service. Its collections can be used by several threads. A client can",
        "// be moved and copied; copies share the connection.",
        "class Client {",
        " public:",
        "  // Returns a client of the service at a gRPC target, such as",
        f'  // "dns:///{contract.name}.example.com:443". Calls are distributed over all addresses that it',
        "  // resolves to. Does not wait for the service. Errors: INVALID_ARGUMENT for options that",
        "  // cannot be used, such as a file of TLS that does not exist.",
        "  static absl::StatusOr<Client> Connect(const std::string& target, const ConnectOptions& options = {});",
        "",
    ]
    for collection in collections:
        about = contract.comments.get(collection.resource, "")
        lines += comment_line(about)
        lines.append(f"  const {collection.name}& {collection.attribute}() const {{ return {collection.attribute}_; }}")
    lines += [
        "",
        "  // Returns a client of the same connection whose reads can be answered by a standby of the",
        "  // database: its rows are those of a moment ago, at most `max_staleness` (InfiniteDuration: as",
        "  // the service permits, a negative one: 0). They contain every write of this client and of its",
        "  // copies that has ended. Update() with a function reads the latest row, as always.",
        "  Client Eventual(absl::Duration max_staleness = absl::InfiniteDuration()) const;",
        "",
        "  // The channel, for stubs of other services of the same target.",
        "  const std::shared_ptr<grpc::Channel>& channel() const { return connection_->channel; }",
        "",
        " private:",
        "  explicit Client(std::shared_ptr<const Connection> connection);",
        "",
        "  std::shared_ptr<const Connection> connection_;",
        *(f"  {collection.name} {collection.attribute}_;" for collection in collections),
        "};",
        "",
        f"}}  // namespace {contract.namespace}",
        "",
        f"#endif  // {guard}",
    ]
    return "\n".join(lines) + "\n"


def comment_line(about: str) -> list[str]:
    return [f"  // {about.splitlines()[0]}"] if about else []


def source(contract: Contract, texts: list[CollectionText]) -> str:
    lines = [
        f"// {NOTICE}",
        f'#include "{contract.namespace}/client.h"',
        "",
        "#include <optional>",
        "",
        f"namespace {contract.namespace} {{",
        "namespace {",
        "",
        *(line for text in texts for line in text.text.constants),
        "",
        "}  // namespace",
        "",
        f'extern const char kServiceConfig[] = R"json({contract.service_config})json";',
        "",
        "grpc::ChannelArguments ChannelArguments() { return ChannelArgumentsOf(kServiceConfig, true); }",
    ]
    for text in texts:
        lines += text.definition()
    made = [
        f"      {c.attribute}_(connection_, "
        + ", ".join(f"{qualified(s)}::NewStub(channel())" for s in c.services)
        + ")"
        for c in contract.collections
    ]
    lines += [
        "",
        "Client::Client(std::shared_ptr<const Connection> connection)",
        "    : connection_(std::move(connection)),",
        ",\n".join(made) + " {}",
        "",
        "absl::StatusOr<Client> Client::Connect(const std::string& target, const ConnectOptions& options) {",
        "  Connection connection{nullptr, options.deadline, options.retry, nullptr, options.telemetry};",
        "  if (options.token) connection.tokens = std::make_shared<Tokens>(options.token);",
        "  if (connection.telemetry == nullptr) {",
        f'    connection.telemetry = OpenTelemetry("{contract.name}-client", kVersion);',
        "  }",
        "  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel =",
        "      MakeChannel(target, options, connection.tokens, kServiceConfig,",
        f'                  std::string("{contract.name}-cpp/") + kVersion);',
        "  if (!channel.ok()) return channel.status();",
        "  connection.channel = *std::move(channel);",
        "  return Client(std::make_shared<const Connection>(std::move(connection)));",
        "}",
        "",
        "Client Client::Eventual(absl::Duration max_staleness) const {",
        "  return Client(WithMaxStaleness(connection_, max_staleness));",
        "}",
        "",
        f"}}  // namespace {contract.namespace}",
    ]
    return "\n".join(lines) + "\n"
