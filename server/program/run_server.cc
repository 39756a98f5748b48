// Settings -> contract -> database -> execution -> rpc; shutdown in reverse.
#include "program/run_server.h"

#include <google/protobuf/stubs/logging.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "contract/claims.h"
#include "contract/contract.h"
#include "log.h"
#include "postgres/connection.h"
#include "postgres/conninfo.h"
#include "program/flags.h"
#include "serve/execution/claim_cleaner.h"
#include "serve/execution/database_sink.h"
#include "serve/request/handler.h"
#include "serve/rpc/grpc_log.h"
#include "serve/rpc/server.h"

namespace dataservice {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return 1;
}

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  if (path.empty()) {
    LogWarning("page_token_key_random", {{"advice", "set --page_token_key_file"}});
    return RandomTokenKey();
  }
  std::ifstream file(path, std::ios::binary);
  std::string key{std::istreambuf_iterator<char>(file), {}};
  if (!file || key.size() < 16) {
    return absl::InvalidArgumentError(
        absl::StrCat("--page_token_key_file: ", path, " cannot be read or has under 16 bytes"));
  }
  return key;
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

// Until the database is there: a server that cannot look at it has nothing to
// serve either. False if a signal to stop came first.
bool WaitForSchema(const Contract& contract, SchemaCheck check, CredentialSource& credentials,
                   const sigset_t& signals, absl::Status& status) {
  if (check == SchemaCheck::kOff) return true;
  while (true) {
    const auto conninfo = credentials.ConnInfo();
    status = conninfo.ok() ? CheckAtStart(contract, *conninfo, check) : conninfo.status();
    if (!absl::IsUnavailable(status)) return true;
    if (conninfo.ok()) credentials.Refused();
    LogWarning("database_away", {{"error", std::string(status.message())},
                                 {"advice", "the server starts when it can look at the schema"}});
    const timespec pause{.tv_sec = 1, .tv_nsec = 0};
    if (sigtimedwait(&signals, nullptr, &pause) > 0) return false;
  }
}

}  // namespace

int RunServer(int argc, char** argv, std::string_view contract_files,
              const CustomMethods& methods) {
  ServerSettings settings;
  int exit_code = 0;
  if (!ParseFlags(argc, argv, settings, exit_code)) return exit_code;
  const sigset_t signals = BlockStopSignals();
  // Protobuf would print what callers send wrong; they get an answer instead.
  google::protobuf::SetLogHandler(nullptr);
  GrpcLog::Install();
  // Debian's abseil looks for deadlocks whenever a mutex is locked, gRPC's own
  // included: some percent of a busy server's time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  SetSessionEnvironment();

  const auto contract = Contract::BuildFromGeneratedPool(contract_files);
  if (!contract.ok()) return Fail(contract.status());
  const auto credentials = CredentialSource::Create(settings.database.credentials, "dataservice");
  if (!credentials.ok()) return Fail(credentials.status());
  auto key = ReadKey(settings.page_tokens.key_file);
  if (!key.ok()) return Fail(key.status());
  absl::Status schema;
  if (!WaitForSchema(**contract, settings.database.schema_check, **credentials, signals, schema)) {
    return 0;
  }
  if (!schema.ok()) return Fail(schema);

  Watchdog watchdog;
  const auto connect = [&] {
    return std::make_unique<Connection>(
        ConnectionSettings{credentials->get(), settings.database.prepared_statements}, watchdog);
  };
  const auto abort = [&] { watchdog.FireAll(); };
  Executor executor(
      settings.execution, [&] { return std::make_unique<DatabaseSink>(connect()); }, abort);
  const PageTokenSigner signer(*std::move(key));
  const HandlerContext context{**contract, executor, signer};
  auto handlers = MakeHandlers(context);
  const absl::Status custom = AddCustomHandlers(context, methods, handlers);
  if (!custom.ok()) return Fail(custom);
  auto server = RpcServer::Start(settings.rpc, **contract, executor, std::move(handlers));
  if (!server.ok()) return Fail(server.status());
  // Stopped after the drain: by then its abort meets no statement but its own.
  std::unique_ptr<ClaimCleaner> cleaner;
  if (auto schemas = ClaimSchemas((*contract)->resources()); !schemas.empty()) {
    const auto pause = [&] { return PauseOfCleaner(settings.claims.retention); };
    cleaner = std::make_unique<ClaimCleaner>(
        settings.claims, ClaimCleaner::Parts{std::move(schemas), connect, pause, abort});
  }
  LogInfo("serving", {{"port", absl::StrCat((*server)->port())}});

  int signal = 0;
  sigwait(&signals, &signal);
  LogInfo("draining", {{"signal", absl::StrCat(signal)}});
  (*server)->Drain();
  cleaner.reset();
  LogInfo("stopped");
  return 0;
}

}  // namespace dataservice
