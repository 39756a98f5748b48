// The log has no value of a request, whatever the database says of it.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "batch_fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Nothing else writes so.
constexpr char kPlanted[] = "planted-4f1c9a";

class LogValuesTest : public BatchTest {
 protected:
  // What the server logs while a sample with the planted text is written. `in` is SQL that
  // puts a rule in its way, `out` removes it.
  std::string LogOf(const std::string& in, const std::string& out) {
    EXPECT_EQ(Sql(in), "");
    testing::internal::CaptureStderr();
    types::v1::CreateSampleRequest request;
    request.mutable_sample()->set_text(kPlanted);
    types::v1::Sample sample;
    status_ = engine_.Call("SampleService/CreateSample", request, sample);
    types::v1::BatchCreateSamplesRequest batch;
    *batch.add_requests() = request;
    types::v1::BatchCreateSamplesResponse response;
    engine_.Call("SampleService/BatchCreateSamples", batch, response);
    std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(Sql(out), "");
    return log;
  }
  std::string LogOfTrigger(const std::string& body) {
    return LogOf(absl::StrCat("CREATE FUNCTION public.rule() RETURNS trigger LANGUAGE plpgsql AS "
                              "$$BEGIN ",
                              body,
                              " RETURN NEW; END$$; CREATE TRIGGER rule BEFORE INSERT ON "
                              "types.sample FOR EACH ROW EXECUTE FUNCTION public.rule()"),
                 "DROP FUNCTION public.rule() CASCADE");
  }
  grpc::Status status_;
};

TEST_F(LogValuesTest, OfARowThatAConstraintRefuses) {
  const std::string log =
      LogOf("ALTER TABLE types.sample ADD CONSTRAINT strange CHECK (text NOT LIKE 'planted%')",
            "ALTER TABLE types.sample DROP CONSTRAINT strange");
  EXPECT_THAT(log, HasSubstr("row_refused"));
  EXPECT_THAT(log, HasSubstr("strange"));
  EXPECT_THAT(log, Not(HasSubstr(kPlanted)));
}

TEST_F(LogValuesTest, OfAValueThatATypeRefuses) {
  const std::string log = LogOf(
      "ALTER TABLE types.sample ADD note_number integer GENERATED ALWAYS AS (text::integer) "
      "STORED",
      "ALTER TABLE types.sample DROP note_number");
  EXPECT_THAT(log, HasSubstr("22P02"));
  EXPECT_THAT(log, Not(HasSubstr(kPlanted)));
}

TEST_F(LogValuesTest, OfFunctions) {
  for (const char* body :
       {"RAISE EXCEPTION 'no %', NEW.text;",
        "RAISE EXCEPTION 'no' USING DETAIL = NEW.text, HINT = NEW.text;",
        "EXECUTE 'SELECT ' || quote_ident(NEW.text);", "EXECUTE 'SELECT 1 ' || NEW.text;",
        "PERFORM NEW.text::uuid;", "ASSERT false, NEW.text;"}) {
    EXPECT_THAT(LogOfTrigger(body), Not(HasSubstr(kPlanted))) << body;
    EXPECT_FALSE(status_.ok()) << body;
  }
  // Written, and no line of it: not of libpq either.
  EXPECT_EQ(LogOfTrigger("RAISE WARNING 'look: %', NEW.text;"), "");
  EXPECT_TRUE(status_.ok());
}

// A fault says at least where it comes from.
TEST_F(LogValuesTest, AFaultIsNotLoggedWithoutAnError) {
  const std::string log = LogOfTrigger("ASSERT false, NEW.text;");
  EXPECT_THAT(log, HasSubstr("statement_failed"));
  EXPECT_THAT(log, HasSubstr("P0004"));
  EXPECT_THAT(log, HasSubstr("exec_stmt_assert"));
  EXPECT_THAT(log, Not(HasSubstr("\"error\":\"\"")));
}

}  // namespace
}  // namespace dataservice::test
