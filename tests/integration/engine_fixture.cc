#include "engine_fixture.h"

#include <cstdlib>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "postgres/connection.h"
#include "postgres/conninfo.h"
#include "schema/apply/apply.h"
#include "serve/execution/database_sink.h"

namespace dataservice::test {
namespace {

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

std::string AppRole() {
  pqxx::connection connection(AppDatabase());
  return connection.username();
}

absl::StatusOr<std::string> ApplySchema(const SchemaModel& model, const SchemaRoles& roles,
                                        const ApplySettings& settings) {
  return Apply(ToolDatabase(), model, roles, settings, [](const std::string&) {});
}

bool CanControl() { return std::getenv("TEST_DATABASE_CONTROL") != nullptr; }

void Control(const std::string& command) {
  const std::string line = absl::StrCat(Variable("TEST_DATABASE_CONTROL"), " ", command);
  ASSERT_EQ(std::system(line.c_str()), 0) << line;
}

Engine::Engine(ExecutionSettings execution, RpcSettings rpc, const std::string& database,
               const std::string& contract_file) {
  SetSessionEnvironment();
  contract_ = *Contract::BuildFromGeneratedPool(contract_file);
  const std::string conninfo = *CompleteConnInfo(database, "integration");
  executor_ = std::make_unique<Executor>(execution, [&] {
    return std::make_unique<DatabaseSink>(
        std::make_unique<Connection>(ConnectionSettings{conninfo}, watchdog_));
  });
  rpc.address = "127.0.0.1:0";
  const HandlerContext context{*contract_, *executor_, signer_};
  auto handlers = MakeHandlers(context);
  if (contract_file == "types/v1/types.proto") RegisterCustomMethods(custom_);
  const absl::Status added = AddCustomHandlers(context, custom_, handlers);
  EXPECT_TRUE(added.ok()) << added;
  auto server = RpcServer::Start(rpc, *contract_, *executor_, std::move(handlers));
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                       grpc::InsecureChannelCredentials(), arguments);
}

Engine::~Engine() { server_->Drain(); }

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
