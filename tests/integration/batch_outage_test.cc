// A batch whose connection or time ends in its middle holds whole or not at all.
#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "batch_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;

class BatchOutageTest : public BatchTest {
 protected:
  void TearDown() override {
    Sql("DROP FUNCTION IF EXISTS types.leave() CASCADE");
    Sql("DROP SEQUENCE IF EXISTS types.attempts");
  }

  // The server connection ends itself when a row of the number 13 is written: with
  // the statement, or only with the commit. Every try takes a number of a sequence,
  // which a rollback does not give back.
  static void EndAtThirteen(bool at_commit) {
    Sql("CREATE SEQUENCE types.attempts");
    Sql("GRANT USAGE ON SEQUENCE types.attempts TO PUBLIC");
    Sql("CREATE FUNCTION types.leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM nextval('types.attempts'); PERFORM pg_terminate_backend(pg_backend_pid()); "
        "PERFORM pg_sleep(5); RETURN NULL; END $$");
    Sql(std::string("CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON types.tally ") +
        (at_commit ? "DEFERRABLE INITIALLY DEFERRED" : "") +
        " FOR EACH ROW WHEN (NEW.number = 13) EXECUTE FUNCTION types.leave()");
  }
  // No transaction of the app role is open any more.
  static void AwaitNoTransaction() {
    for (int i = 0; i < 1000; ++i) {
      if (Sql("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + AppRole() +
              "' AND xact_start IS NOT NULL") == "0") {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "a transaction hangs";
  }
};

TEST_F(BatchOutageTest, BeforeTheCommitNothingWasDone) {
  EndAtThirteen(false);
  const auto status = CreateCounters({1, 13, 2});
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "DATABASE_UNAVAILABLE");
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
  EXPECT_TRUE(CreateCounters({1, 2}).ok());
}

TEST_F(BatchOutageTest, UnderTheCommitNobodyKnowsAndNothingIsRepeated) {
  EndAtThirteen(true);
  const auto status = CreateCounters({1, 13, 2});
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "OUTCOME_UNKNOWN");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
  EXPECT_EQ(Sql("SELECT last_value FROM types.attempts"), "1");
  EXPECT_TRUE(CreateCounters({1, 2}).ok());
}

TEST_F(BatchOutageTest, AfterTheDeadlineNothingIsStored) {
  ASSERT_TRUE(CreateCounters({1, 2, 3}).ok());
  pqxx::connection connection(OwnerDatabase());
  {
    pqxx::work holder(connection);
    holder.exec("SELECT * FROM types.tally WHERE number = 2 FOR UPDATE");
    types::v1::BatchDeleteCountersRequest remove;
    for (const int number : {1, 2, 3}) remove.add_numbers(number);
    google::protobuf::Empty empty;
    EXPECT_EQ(engine_.Call("CounterService/BatchDeleteCounters", remove, empty, 300).error_code(),
              StatusCode::DEADLINE_EXCEEDED);
    holder.abort();
  }
  AwaitNoTransaction();
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "3");
  EXPECT_TRUE(CreateCounters({4}).ok());
}

TEST_F(BatchOutageTest, ABatchThatWaitsForTheCommitOfTheLateIsNotStored) {
  // The statement itself outlives the deadline, and succeeds.
  Sql("CREATE FUNCTION types.leave() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$");
  Sql("CREATE TRIGGER leave AFTER INSERT ON types.tally FOR EACH STATEMENT "
      "EXECUTE FUNCTION types.leave()");
  types::v1::BatchCreateCountersResponse response;
  EXPECT_EQ(CreateCounters({1, 2}, response, 200).error_code(), StatusCode::DEADLINE_EXCEEDED);
  AwaitNoTransaction();
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

TEST_F(BatchOutageTest, AKilledDatabaseHasAllOrNothing) {
  if (!CanControl()) GTEST_SKIP() << "TEST_DATABASE_CONTROL is not set";
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int64_t n = 0; !stop; ++n) {
      std::vector<int64_t> numbers;
      for (int64_t i = 1; i <= 10; ++i) numbers.push_back(n * 10 + i);
      CreateCounters(numbers);
    }
  });
  while (Sql("SELECT count(*) > 100 FROM types.tally") != "t") std::this_thread::yield();
  Control("kill");
  Control("start");
  stop = true;
  writer.join();
  EXPECT_EQ(Sql("SELECT count(*) FROM (SELECT (number - 1) / 10 FROM types.tally GROUP BY 1 "
                "HAVING count(*) <> 10) AS torn"),
            "0");
}

}  // namespace
}  // namespace dataservice::test
