#include "engine_fixture.h"

#include <cstdlib>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "postgres/conninfo.h"
#include "transport.h"

namespace dataservice::test {
namespace {

using namespace schema;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    std::fprintf(stderr, "%s is not set: run tests/run integration\n", name);
    std::exit(2);
  }
  return value;
}

}  // namespace

std::string OwnerDatabase() { return Variable("TEST_DATABASE_OWNER"); }
std::string ToolDatabase() { return Variable("TEST_DATABASE_TOOL"); }
std::string AppDatabase() { return Variable("TEST_DATABASE_APP"); }

bool IsDirect(const std::string& database) {
  pqxx::connection connection(database);
  pqxx::nontransaction transaction(connection);
  const int backend = transaction.exec1("SELECT pg_backend_pid()")[0].as<int>();
  return backend == connection.backendpid();
}

std::string AppRole() {
  pqxx::connection connection(AppDatabase());
  return connection.username();
}

absl::StatusOr<std::string> ApplySchema(const SchemaModel& model, const SchemaRoles& roles,
                                        const ApplySettings& settings) {
  return Apply(ToolDatabase(), model, roles, settings, [](const std::string&) {});
}

bool CanControl() { return std::getenv("TEST_DATABASE_CONTROL") != nullptr; }

// Whether the database answers within 30 s. PgBouncer refuses queries for a second after it could
// not connect to a database that was away.
bool Answers(const std::string& database) {
  const absl::Time limit = absl::Now() + absl::Seconds(30);
  do {
    try {
      pqxx::connection connection(database);
      pqxx::nontransaction(connection).exec("SELECT 1");
      return true;
    } catch (const pqxx::failure&) {
      absl::SleepFor(absl::Milliseconds(50));
    }
  } while (absl::Now() < limit);
  return false;
}

void Control(const std::string& command) {
  const std::string line = absl::StrCat(Variable("TEST_DATABASE_CONTROL"), " ", command);
  ASSERT_EQ(std::system(line.c_str()), 0) << line;
  if (command == "start") {
    ASSERT_TRUE(Answers(AppDatabase()));
  }
}

Engine::Engine(ExecutionSettings execution, RpcSettings rpc, const std::string& database,
               const std::string& contract_file, const Guards& guards) {
  SetSessionEnvironment();
  contract_ = *Contract::BuildFromGeneratedPool(contract_file);
  if (contract_file == "types/v1/types.proto") RegisterCustomMethods(custom_);
  rpc.address = "127.0.0.1:0";
  SecureServer(rpc);
  // A relay finds a statement by its text, which an execution by name does not have.
  const auto prepared =
      database == AppDatabase() ? PreparedStatements::kAuto : PreparedStatements::kOff;
  const EngineSettings settings{.rpc = rpc,
                                .execution = execution,
                                .database = {*CompleteConnInfo(database, "integration"), prepared},
                                .authenticator = guards.authenticator,
                                .policy = guards.policy,
                                .audit = guards.audit,
                                .page_token_key = "integration tests"};
  auto engine = dataservice::Engine::Start(settings, *contract_, custom_);
  EXPECT_TRUE(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", engine_->port()),
                                       ClientCredentials(), arguments);
}

Engine::~Engine() { engine_->Drain(); }

void EngineTest::SetUpTestSuite() {
  const auto contract = Contract::BuildFromGeneratedPool("types/v1/types.proto");
  const auto done = ApplySchema(ModelOfContract(**contract), {.app = AppRole()});
  ASSERT_TRUE(done.ok()) << done.status();
}

void EngineTest::SetUp() {
  Sql("TRUNCATE types.\"order\", types.sample, types.tally, types.request_claim");
}

std::string EngineTest::Sql(const std::string& text) {
  try {
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    const pqxx::result rows = work.exec(text);
    return rows.empty() ? "" : rows[0][0].c_str();
  } catch (const std::exception& e) {
    const std::string words = e.what();
    return words.substr(0, words.find('\n'));
  }
}

}  // namespace dataservice::test
