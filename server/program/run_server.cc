// Flags -> contract, credentials and schema check -> Engine; serves until a signal.
#include "program/run_server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpcpp/grpcpp.h>
#include <openssl/sha.h>
#include <pthread.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "contract/contract.h"
#include "contract/describe.h"
#include "log.h"
#include "postgres/conninfo.h"
#include "postgres/explain.h"
#include "program/check_policy_command.h"
#include "program/engine.h"
#include "program/fail.h"
#include "program/flags.h"
#include "read_file.h"
#include "schema/apply/version.h"
#include "serve/audit/audit_file.h"
#include "serve/connection/listen_address.h"
#include "serve/monitoring/monitor.h"
#include "serve/policy/policy_file.h"
#include "serve/request/page_token.h"
#include "serve/rpc/grpc_log.h"
#include "view.h"

namespace dataservice {
namespace {

constexpr size_t kMinTokenKeyBytes = 16;

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  if (path.empty()) {
    LogWarning("page_token_key_random", {{"advice", "set --page_token_key_file"}});
    return RandomTokenKey();
  }
  auto key = ReadFile(path);
  if (!key.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--page_token_key_file: ", key.status().message()));
  }
  if (key->size() < kMinTokenKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("--page_token_key_file: ", path,
                                                   " has less than ", kMinTokenKeyBytes, " bytes"));
  }
  return key;
}

// Null where there is none.
absl::StatusOr<std::unique_ptr<PolicyFile>> OpenPolicy(const SecuritySettings& settings,
                                                       const Contract& contract) {
  if (settings.policy_file.empty()) return nullptr;
  return PolicyFile::Open(settings.policy_file, contract);
}

absl::StatusOr<std::unique_ptr<AuditFile>> OpenAudit(const SecuritySettings& settings) {
  if (settings.audit_log.empty()) return nullptr;
  return AuditFile::Open(settings.audit_log);
}

// Blocked in every thread, so that sigwait alone gets them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Checks the schema, and waits for a database that is not available: a server without it has
// nothing to serve. False if a signal to stop came first.
bool WaitForSchema(const Contract& contract, schema::SchemaCheck check,
                   CredentialSource& credentials, const sigset_t& signals, absl::Status& status) {
  if (check == schema::SchemaCheck::kOff) return true;
  while (true) {
    const auto conninfo = credentials.ConnInfo();
    status = conninfo.ok() ? schema::CheckAtStart(contract, *conninfo, check) : conninfo.status();
    if (!absl::IsUnavailable(status)) return true;
    if (conninfo.ok()) credentials.Refused();
    LogWarning("database_away", {{"error", std::string(status.message())},
                                 {"advice", "the server starts when it can look at the schema"}});
    const timespec pause{.tv_sec = 1, .tv_nsec = 0};
    if (sigtimedwait(&signals, nullptr, &pause) > 0) return false;
  }
}

// Null if there is no reader.
absl::StatusOr<std::unique_ptr<CredentialSource>> ReaderCredentials(
    const ServerSettings& settings) {
  if (settings.reader.conninfo.empty()) return nullptr;
  const auto named = ParseConnInfo(settings.reader.conninfo);
  if (!named.ok() || !NamesHost(*named)) {
    return absl::InvalidArgumentError(
        "--reader_database is no libpq connection string or URI that names a host");
  }
  CredentialSettings credentials = settings.database.credentials;
  credentials.writer_conninfo = std::exchange(credentials.conninfo, settings.reader.conninfo);
  return CredentialSource::Create(credentials, "dataservice");
}

std::optional<ReaderSettings> ReaderOf(const ServerSettings& settings,
                                       CredentialSource* credentials) {
  if (credentials == nullptr) return std::nullopt;
  ReaderSettings reader{.database = {credentials, settings.database.prepared_statements},
                        .execution = settings.execution,
                        .max_lag = settings.reader.max_lag};
  if (settings.reader.workers > 0) reader.execution.workers = settings.reader.workers;
  return reader;
}

// Digits of a contract's digest that are shown, as by the gateway.
constexpr size_t kDigestBytes = 8;

BuildInfo BuildOf(const Contract& contract) {
  const std::string description = DescriptionJson(Describe(contract));
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(description.data()), description.size(),
         digest.data());
  const std::string& package = contract.services().front()->file()->package();
  const std::string_view shown(reinterpret_cast<const char*>(digest.data()), kDigestBytes);
  return {.version = std::string(schema::kToolVersion),
          .grpc_version = grpc::Version(),
          .contract = package.substr(0, package.find('.')),
          .contract_digest = absl::BytesToHexString(View(shown))};
}

absl::Status CheckMetricsAddress(const ServerSettings& settings) {
  const std::string& address = settings.monitoring.metrics_address;
  if (address.empty() || settings.rpc.allow_cleartext || IsLocalAddress(address)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--metrics_address ", address,
      " can be reached from other machines and has no TLS: choose one of this machine, "
      "or set --allow_cleartext if the network protects it"));
}

Monitor::Parts MonitorParts(const ServerSettings& settings, const Contract& contract,
                            CredentialSource& credentials) {
  Monitor::Parts parts{.build = BuildOf(contract)};
  for (const auto& [name, value] : settings.values) parts.flags.emplace(name, value.text);
  parts.explain = [&credentials](const std::string& text,
                                 size_t parameters) -> absl::StatusOr<std::string> {
    const auto conninfo = credentials.ConnInfo();
    if (!conninfo.ok()) return conninfo.status();
    return ExplainStatement(*conninfo, text, parameters);
  };
  return parts;
}

}  // namespace

int RunServer(int argc, char** argv, std::string_view contract_files,
              const CustomMethods& methods) {
  if (IsCheckPolicy(argc, argv)) return CheckPolicy(argc, argv, contract_files);
  ServerSettings settings;
  int exit_code = 0;
  if (!ParseFlags(argc, argv, settings, exit_code)) return exit_code;
  const absl::Status metrics_address = CheckMetricsAddress(settings);
  if (!metrics_address.ok()) return Fail(metrics_address);
  const sigset_t signals = BlockStopSignals();
  // Protobuf would print the invalid messages of callers, who get an error instead.
  google::protobuf::SetLogHandler(nullptr);
  GrpcLog::Install();
  // Debian's abseil looks for deadlocks whenever a mutex is locked, gRPC's own
  // included: some percent of a busy server's time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  SetSessionEnvironment();

  const auto contract = Contract::BuildFromGeneratedPool(contract_files);
  if (!contract.ok()) return Fail(contract.status());
  const auto policy = OpenPolicy(settings.security, **contract);
  if (!policy.ok()) return Fail(policy.status());
  const auto audit = OpenAudit(settings.security);
  if (!audit.ok()) return Fail(audit.status());
  const auto credentials = CredentialSource::Create(settings.database.credentials, "dataservice");
  if (!credentials.ok()) return Fail(credentials.status());
  const auto reader_credentials = ReaderCredentials(settings);
  if (!reader_credentials.ok()) return Fail(reader_credentials.status());
  auto key = ReadKey(settings.page_tokens.key_file);
  if (!key.ok()) return Fail(key.status());
  absl::Status schema;
  if (!WaitForSchema(**contract, settings.database.schema_check, **credentials, signals, schema)) {
    return 0;
  }
  if (!schema.ok()) return Fail(schema);

  const auto authenticator = MakeAuthenticator(
      settings.identity, !settings.rpc.tls.client_ca.empty(), settings.rpc.allow_cleartext);
  if (!authenticator.ok()) return Fail(authenticator.status());

  Monitor monitor(settings.monitoring, **contract,
                  MonitorParts(settings, **contract, **credentials));

  const EngineSettings engine_settings{
      .rpc = settings.rpc,
      .execution = settings.execution,
      .claims = settings.claims,
      .database = {credentials->get(), settings.database.prepared_statements},
      .reader = ReaderOf(settings, reader_credentials->get()),
      .authenticator = authenticator->get(),
      .policy = policy->get(),
      .audit = audit->get(),
      .calls = &monitor,
      .batches = &monitor,
      .page_token_key = *std::move(key)};
  const auto engine = Engine::Start(engine_settings, **contract, methods);
  if (!engine.ok()) return Fail(engine.status());
  const absl::Status monitored = monitor.Serve([&] { return (*engine)->state(); });
  if (!monitored.ok()) return Fail(monitored);
  LogInfo("serving", {{"port", absl::StrCat((*engine)->port())}});

  int signal = 0;
  sigwait(&signals, &signal);
  LogInfo("draining", {{"signal", absl::StrCat(signal)}});
  (*engine)->Drain();
  monitor.StopServing();
  LogInfo("stopped");
  return 0;
}

}  // namespace dataservice
