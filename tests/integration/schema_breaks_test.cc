// What servers of the old contract would notice is done only when it is allowed.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/apply/startup_check.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Thing(const std::string& fields) {
  return absl::StrCat(R"(
    enum State { STATE_UNSPECIFIED = 0; NEW = 1; PAID = 2; }
    enum Wider { WIDER_UNSPECIFIED = 0; WIDER_NEW = 1; WIDER_PAID = 2; WIDER_SENT = 3; }
    enum Narrower { NARROWER_UNSPECIFIED = 0; NARROWER_NEW = 1; }
    message Thing {
      option (storage.v1.table) = {};
      int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];)",
                      fields, "}");
}

struct Case {
  const char* before;
  const char* after;
  // The names that --allow needs.
  std::vector<std::string> permissions;
  // What a server of the old contract writes and cannot write any more; empty for none.
  const char* written = "";
};

const Case kCases[] = {
    {"optional string a = 2;",
     "string a = 2;",
     {"add-constraint:thing.thing_a_not_null"},
     "INSERT INTO test.thing (id, a) VALUES (1, NULL)"},
    {"string a = 2;",
     "string a = 2 [(google.api.field_behavior) = REQUIRED];",
     {"add-constraint:thing.thing_a_required"},
     "INSERT INTO test.thing (id, a) VALUES (1, '')"},
    {"int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 9}];",
     "int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 5}];",
     {"replace-constraint:thing.thing_a_range"},
     "INSERT INTO test.thing (id, a) VALUES (1, 9)"},
    {"int32 a = 2 [(buf.validate.field).int32 = {gte: 1 lte: 5}];",
     "int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 9}];",
     {}},
    // Neither order suits both.
    {"int32 a = 2 [(buf.validate.field).int32 = {gte: 1 lte: 5}];",
     "int32 a = 2 [(buf.validate.field).int32 = {gte: 3 lte: 9}];",
     {"replace-constraint:thing.thing_a_range"},
     "INSERT INTO test.thing (id, a) VALUES (1, 1)"},
    {"State a = 2;",
     "Narrower a = 2;",
     {"replace-constraint:thing.thing_a_type"},
     "INSERT INTO test.thing (id, a) VALUES (1, 2)"},
    {"State a = 2;", "Wider a = 2;", {}},
    {"string a = 2 [(buf.validate.field).string.min_len = 2];",
     "string a = 2 [(buf.validate.field).string.min_len = 1];",
     {}},
    {"string a = 2 [(buf.validate.field).string.min_len = 2];",
     "string a = 2 [(buf.validate.field).string = {min_len: 2 pattern: '^[a-z]*$'}];",
     {"add-constraint:thing.thing_a_pattern"},
     "INSERT INTO test.thing (id, a) VALUES (1, 'AB')"},
    {"double a = 2 [(buf.validate.field).double = {gte: 0 lte: 9}];",
     "double a = 2 [(buf.validate.field).double = {gte: 0 lte: 10}];",
     {}},
    {"string a = 2 [(buf.validate.field).string.max_len = 9];",
     "string a = 2 [(buf.validate.field).string.max_len = 5];",
     {"change-type:thing.a"},
     "INSERT INTO test.thing (id, a) VALUES (1, '123456')"},
    {"int32 a = 2;", "int64 a = 2;", {}},
    {"string a = 2;",
     "string b = 2;",
     {"rename:thing"},
     "INSERT INTO test.thing (id, a) VALUES (1, 'a')"},
    {"",
     "int32 a = 2 [(buf.validate.field).int32 = {gte: 1 lte: 5}];",
     {"add-constraint:thing.thing_a_range"},
     "INSERT INTO test.thing (id) VALUES (1)"},
    {"", "int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 5}];", {}},
    {"oneof k { string a = 2; string b = 3; }",
     "oneof k { string a = 2; string b = 3; bool c = 4; }",
     {}},
    {"string a = 2; oneof k { string b = 3; }",
     "oneof k { string a = 2; string b = 3; }",
     {"replace-constraint:thing.thing_k_oneof"},
     "INSERT INTO test.thing (id, a, b) VALUES (1, 'a', 'b')"},
};

class BreaksTest : public SchemaChangeTest {};

TEST_F(BreaksTest, NeedWhatTheOldServersWouldNotice) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(absl::StrCat(c.before, " -> ", c.after));
    DropAll();
    const InlineContract before(Thing(c.before));
    const InlineContract after(Thing(c.after));
    ASSERT_EQ(before.Refusal(), "");
    ASSERT_EQ(after.Refusal(), "");
    const SchemaModel model = ModelOfContract(*after);
    ASSERT_TRUE(ApplySchema(ModelOfContract(*before)).ok());
    const auto plan = PlanTo(model);
    ASSERT_TRUE(plan.ok()) << plan.status();
    const std::set<std::string> expected(c.permissions.begin(), c.permissions.end());
    EXPECT_EQ(Permissions(*plan), expected);
    // Old servers go on until it is allowed.
    const auto unasked = ApplySchema(model);
    const std::string written = c.written;
    if (!written.empty()) {
      if (unasked.ok()) {
        EXPECT_THAT(*unasked, HasSubstr(absl::StrCat("left: ", c.permissions.front(),
                                                     " (breaks running servers; --allow ",
                                                     c.permissions.front(), ")")));
        // Servers of the new one start meanwhile.
        EXPECT_EQ(CheckAtStart(*after, OwnerDatabase(), SchemaCheck::kRefuse), absl::OkStatus());
      }
      Sql(written);
      Sql("DELETE FROM test.thing");
    } else {
      ASSERT_TRUE(unasked.ok()) << unasked.status();
    }
    const auto done = ApplySchema(model, {}, {.allowed = expected});
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_THAT(Wrong(model), IsEmpty());
    if (!written.empty()) {
      const auto session = SchemaSession::Connect(OwnerDatabase());
      EXPECT_FALSE((*session)->Execute(written).ok());
    }
  }
}

// What the new servers rely on cannot be left out.
TEST_F(BreaksTest, AUniqueIndexAndAReferenceAreRefusedUnlessAllowed) {
  const std::string parent = R"(message Parent {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  })";
  const auto contract = [&](const char* table, const char* field) {
    return absl::StrCat(parent, "message Thing { option (storage.v1.table) = {", table,
                        "}; int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];", field, "}");
  };
  const InlineContract before(contract("", "optional int64 a = 2;"));
  const InlineContract unique(
      contract("indexes: [{fields: ['a'] unique: true}]", "optional int64 a = 2;"));
  const InlineContract reference(contract(
      "", "optional int64 a = 2 [(storage.v1.column).references = {resource: 'Parent'}];"));
  for (const auto& [after, name] : {std::pair(&unique, "create-index:thing.thing_a_key"),
                                    std::pair(&reference, "add-constraint:thing.thing_a_fkey")}) {
    DropAll();
    ASSERT_EQ(after->Refusal(), "");
    ASSERT_TRUE(ApplySchema(ModelOfContract(*before)).ok());
    const SchemaModel model = ModelOfContract(**after);
    const auto refused = ApplySchema(model);
    ASSERT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(absl::StrCat("--allow ", name)));
    EXPECT_THAT(Wrong(ModelOfContract(*before)), IsEmpty());
    ASSERT_TRUE(ApplySchema(model, {}, {.allowed = {name}}).ok());
    EXPECT_THAT(Wrong(model), IsEmpty());
  }
}

// What an interrupted apply has made is not what old servers use.
TEST_F(BreaksTest, NewColumnsStayNewAfterAnInterruption) {
  const InlineContract before(Thing(""));
  const InlineContract after(Thing("int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 5}];"));
  ASSERT_TRUE(ApplySchema(ModelOfContract(*before)).ok());
  const SchemaModel model = ModelOfContract(*after);
  ApplySettings settings;
  settings.before_step = [](const Step& step) {
    return step.name.starts_with("add-column:") ? absl::OkStatus() : absl::CancelledError("died");
  };
  ASSERT_FALSE(ApplySchema(model, {}, settings).ok());
  EXPECT_THAT(Permissions(*PlanTo(model)), IsEmpty());
  ASSERT_TRUE(ApplySchema(model).ok());
  EXPECT_THAT(Wrong(model), IsEmpty());
  // Of the next contract it is an old one.
  const InlineContract next(Thing("int32 a = 2 [(buf.validate.field).int32 = {gte: 0 lte: 4}];"));
  EXPECT_THAT(Permissions(*PlanTo(ModelOfContract(*next))),
              Contains("replace-constraint:thing.thing_a_range"));
}

TEST_F(BreaksTest, ARenamedMessageNamesTheWayThatKeepsItsRows) {
  const InlineContract before(Thing("string name = 2;"));
  std::string text = Thing("string name = 2;");
  text.replace(text.find("message Thing"), 13, "message Item");
  const InlineContract renamed(text);
  ASSERT_EQ(renamed.Refusal(), "");
  ASSERT_TRUE(ApplySchema(ModelOfContract(*before)).ok());
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'kept')");
  const auto plan = PlanTo(ModelOfContract(*renamed));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->plan.steps.front().why,
              HasSubstr("option (storage.v1.table) = {name: \"thing\"}"));
  // That way.
  std::string kept = text;
  kept.replace(kept.find("(storage.v1.table) = {}"), 23, "(storage.v1.table) = {name: 'thing'}");
  const InlineContract same_table(kept);
  ASSERT_EQ(same_table.Refusal(), "");
  ASSERT_TRUE(ApplySchema(ModelOfContract(*same_table)).ok());
  EXPECT_EQ(Value("SELECT name FROM test.thing"), "kept");
  // Too late for it: the old one's note has the statement that copies them.
  DropAll();
  ASSERT_TRUE(ApplySchema(ModelOfContract(*before)).ok());
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'kept')");
  ASSERT_TRUE(ApplySchema(ModelOfContract(*renamed)).ok());
  const auto later = PlanTo(ModelOfContract(*renamed));
  const std::string& why = later->plan.steps.front().why;
  ASSERT_THAT(why, HasSubstr("INSERT INTO"));
  Sql(why.substr(why.find("INSERT INTO")));
  EXPECT_EQ(Value("SELECT name FROM test.item"), "kept");
}

}  // namespace
}  // namespace dataservice::test
