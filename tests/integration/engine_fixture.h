// The engine of the second contract on a real database, called through gRPC.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "contract/contract.h"
#include "program/engine.h"
#include "schema/apply/apply.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {

// The database's connection strings (tests/suites/integration sets them).
std::string OwnerDatabase();
// The same role, by the way that the app role takes: what the schema tool uses.
std::string ToolDatabase();
std::string AppDatabase();
// Whether nothing stands between a connection and its backend.
bool IsDirect(const std::string& database);
// The role of AppDatabase().
std::string AppRole();
// Brings the owner's database to the model, and gives the roles their rights.
absl::StatusOr<std::string> ApplySchema(const schema::SchemaModel& model,
                                        const schema::SchemaRoles& roles = {},
                                        const schema::ApplySettings& settings = {});
// Runs `tests/database COMMAND` on it: stop, start, restart, kill.
void Control(const std::string& command);
bool CanControl();

// What decides on calls, as in EngineSettings.
struct Guards {
  const Authenticator* authenticator = nullptr;
  const PolicyFile* policy = nullptr;
  AuditLog* audit = nullptr;
};

// A server and a client of it.
class Engine {
 public:
  explicit Engine(ExecutionSettings execution = {}, RpcSettings rpc = {},
                  const std::string& database = AppDatabase(),
                  const std::string& contract_file = "types/v1/types.proto",
                  const Guards& guards = {});
  ~Engine();

  // Calls Service/Method of types.v1, or /package.Service/Method, with a deadline in
  // milliseconds.
  template <typename Request, typename Response>
  grpc::Status Call(const std::string& method, const Request& request, Response& response,
                    int deadline_ms = 10000,
                    const std::multimap<std::string, std::string>& metadata = {},
                    bool* created = nullptr) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    const std::string path = method.starts_with('/') ? method : "/types.v1." + method;
    const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    const grpc::Status status = grpc::internal::BlockingUnaryCall<Request, Response>(
        channel_.get(), rpc, &context, request, &response);
    if (created != nullptr) {
      *created = context.GetServerInitialMetadata().count("resource-created") > 0;
    }
    return status;
  }

  void Drain() { engine_->Drain(); }
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

 private:
  std::unique_ptr<Contract> contract_;
  CustomMethods custom_;
  std::unique_ptr<dataservice::Engine> engine_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Tables are made once and emptied before each test.
class EngineTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  void SetUp() override;

  // Runs SQL as the owner, past the server; answers the first column of the
  // first row, or the error's first line after "ERROR".
  static std::string Sql(const std::string& text);

  Engine engine_;
};

}  // namespace dataservice::test
