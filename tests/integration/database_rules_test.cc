// Rules that a database keeps in triggers: their author's words reach the caller.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "batch_fixture.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;

constexpr char kBefore[] =
    "CREATE TRIGGER rule BEFORE INSERT OR UPDATE OR DELETE ON types.tally FOR EACH ROW EXECUTE "
    "FUNCTION public.rule()";

class DatabaseRulesTest : public BatchTest {
 protected:
  // While it lives, a trigger runs this body of PL/pgSQL.
  struct Rule {
    explicit Rule(const std::string& body, const std::string& trigger = kBefore) {
      EXPECT_EQ(Sql(absl::StrCat("CREATE FUNCTION public.rule() RETURNS trigger LANGUAGE plpgsql "
                                 "AS $$BEGIN ",
                                 body, " RETURN coalesce(NEW, OLD); END$$; ", trigger)),
                "");
    }
    ~Rule() { Sql("DROP FUNCTION public.rule() CASCADE"); }
  };

  void ExpectRule(const grpc::Status& status, const std::string& message,
                  const std::string& violation) {
    EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION) << status.error_message();
    EXPECT_EQ(status.error_message(), message);
    EXPECT_EQ(ReasonOf(status), "DATABASE_RULE");
    EXPECT_THAT(ViolationsOf(status), ElementsAre(violation));
  }
  grpc::Status Create(int64_t number) {
    types::v1::CreateCounterRequest request;
    request.mutable_counter()->set_number(number);
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour("red");
    types::v1::Counter counter;
    return engine_.Call("CounterService/CreateCounter", request, counter);
  }
};

TEST_F(DatabaseRulesTest, ItsAuthorsWordsAreTheAnswer) {
  const Rule rule(
      "IF NEW.number = 13 THEN RAISE EXCEPTION E'% brings\\nno luck', NEW.number "
      "USING HINT = 'take 12', COLUMN = 'number', DETAIL = 'not shown'; END IF;");
  ASSERT_TRUE(Create(1).ok());
  const auto status = Create(13);
  ExpectRule(status, "13 brings\nno luck", "counter.number: take 12");
  EXPECT_EQ(InfoOf(status).metadata().at("hint"), "take 12");
  EXPECT_EQ(InfoOf(status).metadata().at("sqlstate"), "P0001");
}

TEST_F(DatabaseRulesTest, WhateverItsErrcode) {
  for (const char* state :
       {"check_violation", "unique_violation", "foreign_key_violation", "invalid_parameter_value",
        "insufficient_privilege", "feature_not_supported", "connection_failure", "BK001"}) {
    const Rule rule(absl::StrCat("RAISE EXCEPTION 'no' USING ERRCODE = '", state, "';"));
    ExpectRule(Create(1), "no", "counter: no");
  }
  // Says that nothing was done, and why.
  const Rule rule("RAISE EXCEPTION 'later' USING ERRCODE = 'lock_not_available';");
  EXPECT_EQ(Create(1).error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(DatabaseRulesTest, HoldForEveryWrite) {
  ASSERT_TRUE(CreateCounters({1, 2, 13}).ok());
  const Rule rule("IF coalesce(NEW.number, OLD.number) = 13 THEN RAISE EXCEPTION 'fixed'; END IF;");
  types::v1::Counter counter;
  types::v1::UpdateCounterRequest update;
  update.mutable_counter()->set_number(13);
  update.mutable_counter()->set_colour("green");
  ExpectRule(engine_.Call("CounterService/UpdateCounter", update, counter), "fixed",
             "counter: fixed");
  types::v1::UpsertCounterRequest upsert;
  *upsert.mutable_counter() = update.counter();
  upsert.mutable_counter()->set_value(1);
  ExpectRule(engine_.Call("CounterService/UpsertCounter", upsert, counter), "fixed",
             "counter: fixed");
  types::v1::DeleteCounterRequest remove;
  remove.set_number(13);
  google::protobuf::Empty empty;
  ExpectRule(engine_.Call("CounterService/DeleteCounter", remove, empty), "fixed", ": fixed");

  types::v1::BatchUpdateCountersRequest batch;
  for (const int number : {2, 13, 1}) {
    *batch.add_requests()->mutable_counter() = update.counter();
    batch.mutable_requests()->rbegin()->mutable_counter()->set_number(number);
  }
  types::v1::BatchUpdateCountersResponse response;
  const auto status = engine_.Call("CounterService/BatchUpdateCounters", batch, response);
  ExpectRule(status, "requests[1]: fixed", "requests[1].counter: fixed");
  EXPECT_EQ(ElementOf(status), "requests[1]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally WHERE colour = 'green'"), "0");
}

TEST_F(DatabaseRulesTest, SpoilOneRowOfAnImport) {
  const Rule rule("IF NEW.number = 13 THEN RAISE EXCEPTION 'no luck'; END IF;");
  CounterImport import(engine_);
  for (int number = 1; number <= 100; ++number) import.Send(number);
  ASSERT_TRUE(import.Finish().ok());
  ASSERT_EQ(import.response().failures_size(), 1);
  EXPECT_EQ(import.response().failures(0).position(), 12);
  EXPECT_EQ(import.response().failures(0).status().message(), "no luck");
}

// What is looked at as late as the transaction ends.
TEST_F(DatabaseRulesTest, MayBeDeferred) {
  const Rule rule("RAISE EXCEPTION 'too late';",
                  "CREATE CONSTRAINT TRIGGER rule AFTER INSERT ON types.tally DEFERRABLE INITIALLY "
                  "DEFERRED FOR EACH ROW EXECUTE FUNCTION public.rule()");
  ExpectRule(Create(1), "too late", "counter: too late");
  ExpectRule(CreateCounters({1, 2}), "too late", ": too late");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

// A bug in a function is no rule.
TEST_F(DatabaseRulesTest, AFaultOfAFunctionIsInternal) {
  const Rule rule("PERFORM nothing FROM public.missing;");
  EXPECT_EQ(Create(1).error_code(), StatusCode::INTERNAL);
}

}  // namespace
}  // namespace dataservice::test
