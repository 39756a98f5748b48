// Connections that are lost under a write with a request_id.
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "claims_fixture.h"
#include "postgres/conninfo.h"
#include "relay.h"

namespace dataservice::test {
namespace {

// What only a claimed write says.
constexpr char kClaim[] = "INSERT INTO types.request_claim";

class ClaimsFaultTest : public ClaimsTest {
 protected:
  static int AppPort() {
    pqxx::connection connection(AppDatabase());
    return std::stoi(connection.port());
  }
  std::string Through(const Relay& relay) {
    SetSessionEnvironment();
    return absl::StrCat(*CompleteConnInfo(AppDatabase(), "integration"),
                        "host=127.0.0.1 port=", relay.port());
  }

  // Sees, and may end, what the server's role runs; the owner may not.
  static std::string SqlOfApp(const std::string& text) {
    pqxx::connection connection(AppDatabase());
    pqxx::nontransaction work(connection);
    return work.exec(text)[0][0].c_str();
  }

  // Waits until a claimed write of the app role waits for a lock.
  static void AwaitBlocked(int writes) {
    const std::string blocked =
        absl::StrCat("SELECT count(*) FROM pg_stat_activity WHERE usename = '", AppRole(),
                     "' AND wait_event_type = 'Lock' AND query LIKE '%", kClaim, "%'");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (SqlOfApp(blocked) != std::to_string(writes)) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << "no write was blocked";
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  // Holds a row until it is destroyed.
  struct Held {
    explicit Held(const std::string& id) : connection(OwnerDatabase()), work(connection) {
      work.exec("SELECT FROM types.sample WHERE id = '" + id + "' FOR UPDATE");
    }
    pqxx::connection connection;
    pqxx::work work;
  };

  // Lets nobody write until it is destroyed.
  struct HeldTable {
    HeldTable() : connection(OwnerDatabase()), work(connection) {
      work.exec("LOCK TABLE types.sample IN SHARE MODE");
    }
    pqxx::connection connection;
    pqxx::work work;
  };

  static void AwaitSamples(const std::string& count) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (Samples() != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << Samples();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  // The server decides on the deadline.
  static grpc::Status CreateWithoutDeadline(Engine& engine,
                                            const types::v1::CreateSampleRequest& request) {
    const grpc::internal::RpcMethod rpc("/types.v1.SampleService/CreateSample",
                                        grpc::internal::RpcMethod::NORMAL_RPC);
    grpc::ClientContext context;
    Sample response;
    return grpc::internal::BlockingUnaryCall(engine.channel().get(), rpc, &context, request,
                                             &response);
  }

  // Repeats the creation while the frail server has no connection.
  Answered<Sample> WriteUntilDone(const types::v1::CreateSampleRequest& request) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    auto answered = Write(frail_, request);
    while (!answered.status.ok() && std::chrono::steady_clock::now() < limit) {
      EXPECT_EQ(ReasonOf(answered.status), "DATABASE_UNAVAILABLE");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      answered = Write(frail_, request);
    }
    EXPECT_TRUE(answered.status.ok()) << answered.status.error_message();
    return answered;
  }

  Relay relay_{AppPort()};
  Engine frail_{{.workers = 2}, {}, Through(relay_)};
};

TEST_F(ClaimsFaultTest, ALostAnswerIsFoundAgain) {
  relay_.Lose(Relay::Loss::kAnswer, kClaim);
  const auto created = Write(frail_, CreationOf("a", "r"));
  EXPECT_TRUE(created.status.ok()) << created.status.error_message();
  EXPECT_TRUE(created.created);
  EXPECT_EQ(relay_.lost(), 1);
  EXPECT_EQ(Samples(), "1");
  EXPECT_EQ(Sql("SELECT id FROM types.sample"), created.message.id());

  const std::string id = created.message.id();
  relay_.Lose(Relay::Loss::kAnswer, kClaim);
  auto update = UpdateOf(id, "b", "s");
  update.mutable_sample()->set_etag(created.message.etag());
  const auto updated = Write(frail_, update);
  EXPECT_TRUE(updated.status.ok()) << updated.status.error_message();
  EXPECT_EQ(updated.message.text(), "b");

  relay_.Lose(Relay::Loss::kAnswer, kClaim);
  const auto upserted = Write(frail_, UpsertOf(id, "c", "t"));
  EXPECT_TRUE(upserted.status.ok()) << upserted.status.error_message();
  EXPECT_FALSE(upserted.created);

  relay_.Lose(Relay::Loss::kAnswer, kClaim);
  EXPECT_TRUE(Write(frail_, DeletionOf(id, "u")).status.ok());
  EXPECT_EQ(relay_.lost(), 4);
  EXPECT_EQ(Samples(), "0");
}

TEST_F(ClaimsFaultTest, WithoutARequestIdTheOutcomeIsUnknown) {
  relay_.Lose(Relay::Loss::kAnswer, "INSERT INTO types.sample");
  const auto created = Write(frail_, CreationOf("a", ""));
  EXPECT_EQ(created.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(created.status), "OUTCOME_UNKNOWN");
  EXPECT_EQ(Samples(), "1");
}

// The caller tries again where the server gave up.
TEST_F(ClaimsFaultTest, AnAnswerThatIsLostAgainAndAgain) {
  relay_.Lose(Relay::Loss::kAnswer, kClaim, 5);
  const auto first = Write(frail_, CreationOf("a", "r"));
  EXPECT_EQ(first.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(first.status), "OUTCOME_UNKNOWN");
  EXPECT_FALSE(HasRetryInfo(first.status));
  EXPECT_EQ(relay_.lost(), 5);
  EXPECT_EQ(Samples(), "1");
  const auto second = Write(frail_, CreationOf("a", "r"));
  EXPECT_TRUE(second.status.ok()) << second.status.error_message();
  EXPECT_TRUE(second.created);
  EXPECT_EQ(Samples(), "1");
}

// The claim cannot be read either, at first.
TEST_F(ClaimsFaultTest, ALostLookIsRepeated) {
  const auto first = Write(CreationOf("a", "r"));
  relay_.Lose(Relay::Loss::kAnswer, "SELECT k.request_id, encode(", 3);
  EXPECT_EQ(Write(frail_, CreationOf("a", "r")).Text(), first.Text());
  EXPECT_EQ(relay_.lost(), 3);
}

// Nobody knows whether the write was done before.
TEST_F(ClaimsFaultTest, ALookThatFails) {
  const auto first = Write(CreationOf("a", "r"));
  relay_.Lose(Relay::Loss::kAnswer, "SELECT k.request_id, encode(", 5);
  const auto second = Write(frail_, CreationOf("a", "r"));
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(second.status), "OUTCOME_UNKNOWN");
  EXPECT_FALSE(HasRetryInfo(second.status));
  EXPECT_EQ(relay_.lost(), 5);
  EXPECT_EQ(Write(frail_, CreationOf("a", "r")).Text(), first.Text());
}

// The first run was committed; the second one finds no database.
TEST_F(ClaimsFaultTest, ADatabaseThatIsKilledAfterTheCommit) {
  relay_.EndWithLoss(true);
  relay_.Lose(Relay::Loss::kAnswer, kClaim);
  const auto first = Write(frail_, CreationOf("a", "r"));
  EXPECT_EQ(first.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(first.status), "OUTCOME_UNKNOWN");
  EXPECT_FALSE(HasRetryInfo(first.status));
  EXPECT_EQ(Samples(), "1");
  relay_.EndWithLoss(false);
  const auto second = WriteUntilDone(CreationOf("a", "r"));
  EXPECT_TRUE(second.created);
  EXPECT_EQ(Samples(), "1");
}

TEST_F(ClaimsFaultTest, ABatchAndADatabaseThatIsKilledAfterItsCommit) {
  types::v1::BatchCreateSamplesRequest request;
  for (int i = 0; i < 3; ++i) request.add_requests()->mutable_sample()->set_i32(i);
  request.set_request_id("r");
  types::v1::BatchCreateSamplesResponse response;
  relay_.EndWithLoss(true);
  relay_.Lose(Relay::Loss::kAnswer, "COMMIT");
  const auto status = frail_.Call("SampleService/BatchCreateSamples", request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "OUTCOME_UNKNOWN");
  EXPECT_FALSE(HasRetryInfo(status));
  EXPECT_EQ(Samples(), "3");
  EXPECT_TRUE(engine_.Call("SampleService/BatchCreateSamples", request, response).ok());
  EXPECT_EQ(Samples(), "3");
}

// The database neither answers nor cancels, and goes on with the statement after the deadline.
TEST_F(ClaimsFaultTest, ADeadlineDuringAStatementThatIsNotCancelled) {
  RpcSettings rpc;
  rpc.default_deadline = std::chrono::milliseconds(500);
  Engine engine({.workers = 2}, rpc, Through(relay_));
  ASSERT_TRUE(Write(engine, CreationOf("first", "")).status.ok());
  relay_.IgnoreCancels();
  auto lock = std::make_unique<HeldTable>();
  const auto status = CreateWithoutDeadline(engine, CreationOf("a", "r"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "OUTCOME_UNKNOWN");
  lock.reset();
  AwaitSamples("2");
  EXPECT_TRUE(Write(CreationOf("a", "r")).created);
  EXPECT_EQ(Samples(), "2");
}

// The first try still runs when the second begins.
TEST_F(ClaimsFaultTest, ARetryWaitsForTheTryBefore) {
  const Sample sample = Stored("a");
  auto held = std::make_unique<Held>(sample.id());
  relay_.Lose(Relay::Loss::kClient, kClaim);
  Answered<Sample> updated;
  std::thread writer([&] { updated = Write(frail_, UpdateOf(sample.id(), "b", "r")); });
  AwaitBlocked(2);
  held.reset();
  writer.join();
  ASSERT_TRUE(updated.status.ok()) << updated.status.error_message();
  // Done once: the row is at the version that was answered.
  types::v1::GetSampleRequest get;
  get.set_id(sample.id());
  Sample now;
  ASSERT_TRUE(engine_.Call("SampleService/GetSample", get, now).ok());
  EXPECT_EQ(now.SerializeAsString(), updated.message.SerializeAsString());
  EXPECT_EQ(Claims(), "1");
}

TEST_F(ClaimsFaultTest, AStatementThatIsTerminatedRunsAgain) {
  const Sample sample = Stored("a");
  auto held = std::make_unique<Held>(sample.id());
  Answered<Sample> updated;
  std::thread writer([&] { updated = Write(engine_, UpdateOf(sample.id(), "b", "r")); });
  AwaitBlocked(1);
  SqlOfApp(
      absl::StrCat("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = "
                   "'",
                   AppRole(), "' AND wait_event_type = 'Lock'"));
  AwaitBlocked(1);
  held.reset();
  writer.join();
  EXPECT_TRUE(updated.status.ok()) << updated.status.error_message();
  EXPECT_EQ(TextOf(sample.id()), "b");
}

TEST_F(ClaimsFaultTest, TheDeadlineHoldsAndNothingIsStuck) {
  const Sample sample = Stored("a");
  auto held = std::make_unique<Held>(sample.id());
  Sample answer;
  const auto late =
      frail_.Call("SampleService/UpdateSample", UpdateOf(sample.id(), "b", "r"), answer, 300);
  EXPECT_EQ(late.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  held.reset();
  const auto again = Write(frail_, UpdateOf(sample.id(), "b", "r"));
  EXPECT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(Claims(), "1");
}

}  // namespace
}  // namespace dataservice::test
