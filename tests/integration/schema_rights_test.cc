// What the roles may do, once the schema tool has been there.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "schema/apply/rights.h"
#include "schema/model/catalog.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kReader[] = "bookstore_reader";

class RightsTest : public SchemaChangeTest {
 protected:
  void SetUp() override {
    SchemaChangeTest::SetUp();
    const auto done = ApplySchema(model_, roles_);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  Rights Compared() const {
    auto session = SchemaSession::Connect(OwnerDatabase());
    const auto actual = ModelOfCatalog(**session, model_);
    auto rights = CompareRights(**session, model_, *actual, roles_);
    EXPECT_TRUE(rights.ok()) << rights.status();
    return *std::move(rights);
  }

  const InlineContract contract_{R"(
    service ThingService { rpc CreateThing(CreateThingRequest) returns (Thing); }
    message CreateThingRequest { Thing thing = 1; string request_id = 2; }
    message Thing {
      option (storage.v1.table) = {};
      int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    })"};
  const SchemaModel model_ = ModelOfContract(*contract_);
  const SchemaRoles roles_{.app = AppRole(), .reader = kReader};
};

TEST_F(RightsTest, AreWhatTheProgramsNeed) {
  const Rights rights = Compared();
  EXPECT_THAT(rights.differences, IsEmpty());
  EXPECT_THAT(rights.problems, IsEmpty());
  EXPECT_THAT(rights.steps, IsEmpty());
  const auto has = [&](const std::string& role, const char* table, const char* right) {
    return Value(absl::StrCat("SELECT has_table_privilege('", role, "', 'test.", table, "', '",
                              right, "')")) == "t";
  };
  for (const char* right : {"SELECT", "INSERT", "UPDATE", "DELETE"}) {
    EXPECT_TRUE(has(roles_.app, "thing", right)) << right;
    EXPECT_EQ(has(roles_.app, "request_claim", right), std::string(right) != "UPDATE") << right;
    EXPECT_FALSE(has(roles_.app, "schema_history", right)) << right;
    EXPECT_EQ(has(kReader, "thing", right), std::string(right) == "SELECT") << right;
    EXPECT_FALSE(has(kReader, "request_claim", right)) << right;
  }
}

TEST_F(RightsTest, TheAppRoleChangesNoObjectAndReadsNoOtherSchema) {
  Sql("CREATE SCHEMA other CREATE TABLE secret (a int)");
  const auto session = SchemaSession::Connect(AppDatabase());
  ASSERT_TRUE(session.ok()) << session.status();
  for (const char* statement :
       {"CREATE TABLE test.x (a int)", "CREATE TABLE public.x (a int)", "CREATE SCHEMA x",
        "CREATE TEMPORARY TABLE x (a int)", "CREATE VIEW test.x AS SELECT 1",
        "CREATE FUNCTION test.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE INDEX ON test.thing (id)", "ALTER TABLE test.thing ADD a int",
        "COMMENT ON TABLE test.thing IS 'x'", "DROP TABLE test.thing", "TRUNCATE test.thing",
        "DROP SCHEMA test CASCADE", "SELECT * FROM other.secret",
        "SELECT * FROM test.schema_history"}) {
    const absl::Status status = (*session)->Execute(statement);
    EXPECT_FALSE(status.ok()) << statement;
  }
  EXPECT_TRUE((*session)->Execute("SELECT count(*) FROM test.thing").ok());
}

TEST_F(RightsTest, WhatIsTooMuchIsTakenBack) {
  Sql(absl::StrCat("GRANT TRUNCATE ON test.thing TO ", roles_.app, "; GRANT SELECT ON test.thing ",
                   "TO PUBLIC; GRANT CREATE ON SCHEMA test TO ", roles_.app,
                   "; GRANT SELECT ON test.request_claim TO ", kReader,
                   "; REVOKE INSERT ON test.thing FROM ", roles_.app,
                   "; GRANT TEMPORARY ON DATABASE bookstore TO PUBLIC",
                   "; GRANT CREATE ON DATABASE bookstore TO ", roles_.app,
                   "; GRANT SELECT (sql) ON test.schema_history TO ", roles_.app));
  const Rights rights = Compared();
  for (const char* difference :
       {" may create temporary tables", " may create schemas",
        " has SELECT (sql) on test.schema_history", " may create objects in schema test",
        " has TRUNCATE on test.thing", " has, like everybody, SELECT on test.thing",
        " lacks INSERT on test.thing"}) {
    EXPECT_THAT(rights.differences, Contains(absl::StrCat("role ", roles_.app, difference)));
  }
  EXPECT_THAT(rights.differences,
              Contains("role bookstore_reader has SELECT on test.request_claim"));
  const auto done = ApplySchema(model_, roles_);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Compared().differences, IsEmpty());
  EXPECT_EQ(Value("SELECT has_database_privilege('public', 'bookstore', 'TEMPORARY')"), "f");
}

TEST_F(RightsTest, TwoRolesAreTwo) {
  const auto done = ApplySchema(model_, {.app = kReader, .reader = kReader});
  EXPECT_EQ(done.status().code(), absl::StatusCode::kInvalidArgument) << done.status();
}

TEST_F(RightsTest, ARoleThatDoesNotExistIsNamed) {
  const auto done = ApplySchema(model_, {.app = "nobody"});
  EXPECT_EQ(done.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(done.status().message()), HasSubstr("there is no role nobody"));
}

// The owner's own role gets no rights, and the tool says why that is no separation.
TEST_F(RightsTest, TheOwnersRoleIsNoRoleForAServer) {
  const auto done = ApplySchema(model_, {.app = Value("SELECT current_user")});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(*done, HasSubstr("is, or is in, the owner's role: it may do anything"));
}

}  // namespace
}  // namespace dataservice::test
