// The database and the server judge alike: rows at the edges of every rule,
// written with SQL past the server, against the server's own validator.
#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine_fixture.h"
#include "field_values.h"
#include "postgres/text.h"
#include "rules/v1/rules.pb.h"
#include "schema/apply/apply.h"
#include "schema/model/checks.h"
#include "serve/values/encode.h"

namespace dataservice::test {
namespace {

using namespace schema;

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const Contract& Rules() {
  static const auto contract = *Contract::BuildFromGeneratedPool("rules/v1/rules.proto");
  return *contract;
}

// A value that the server would not even convert.
std::string RawText(const Message& row, const Column& column) {
  const auto& r = *row.GetReflection();
  if (column.type == ColumnType::kEnum) {
    if (!column.array) return absl::StrCat(r.GetEnumValue(row, column.field));
    std::vector<int> numbers;
    for (int i = 0; i < r.FieldSize(row, column.field); ++i) {
      numbers.push_back(r.GetRepeatedEnumValue(row, column.field, i));
    }
    return absl::StrCat("{", absl::StrJoin(numbers, ","), "}");
  }
  Column text = column;
  text.type = ColumnType::kText;
  Values values;
  std::string problem;
  EXPECT_TRUE(EncodeField(row, *column.field, text, values, problem)) << problem;
  return std::string(values[0].value_or(""));
}

class RulesDatabaseTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto session = SchemaSession::Connect(OwnerDatabase());
    ASSERT_TRUE(session.ok()) << session.status();
    ASSERT_TRUE((*session)->Execute("DROP SCHEMA IF EXISTS rules CASCADE").ok());
    const auto done = ApplySchema(ModelOfContract(Rules()));
    ASSERT_TRUE(done.ok()) << done.status();
    // Only its rules are of interest here.
    ASSERT_TRUE((*session)
                    ->Execute("ALTER TABLE rules.presence DROP CONSTRAINT presence_origin_fkey")
                    .ok());
  }
  static void TearDownTestSuite() {
    const auto session = SchemaSession::Connect(OwnerDatabase());
    EXPECT_TRUE((*session)->Execute("DROP SCHEMA rules CASCADE").ok());
  }

  // Whether the server would store the row.
  static bool ServerAccepts(const Resource& resource, const Message& row) {
    std::vector<Violation> violations;
    Rules().FindValidator(resource.message)->Validate(row, "", &violations);
    if (!violations.empty()) return false;
    Values values;
    std::string problem;
    for (const Column& column : resource.columns) {
      if (!EncodeField(row, *column.field, column, values, problem)) return false;
    }
    return true;
  }

  // Whether PostgreSQL does; `refusal` says why not.
  bool DatabaseAccepts(const Resource& resource, const Message& row, std::string& refusal) {
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const Column& column : resource.columns) {
      Values encoded;
      std::string problem;
      const bool fits = EncodeField(row, *column.field, column, encoded, problem);
      std::optional<std::string> text;
      if (!fits) {
        text = RawText(row, column);
      } else if (encoded[0]) {
        text = std::string(*encoded[0]);
      }
      names.push_back(Identifier(column.name));
      values.push_back(text ? absl::StrCat(Literal(*text), "::", ValueTypeName(column)) : "NULL");
    }
    try {
      pqxx::work work(connection_);
      work.exec(absl::StrCat("INSERT INTO ", TableName(resource), " (", absl::StrJoin(names, ", "),
                             ") VALUES (", absl::StrJoin(values, ", "), ")"));
      work.abort();
      return true;
    } catch (const pqxx::sql_error& error) {
      refusal = error.what();
      EXPECT_TRUE(error.sqlstate().starts_with("23") || error.sqlstate().starts_with("22"))
          << refusal << "\n"
          << row.ShortDebugString();
      return false;
    }
  }

  // A row that obeys every rule, as empty as can be.
  static std::unique_ptr<Message> EmptiestRow(const Resource& resource) {
    std::unique_ptr<Message> row(google::protobuf::MessageFactory::generated_factory()
                                     ->GetPrototype(resource.message)
                                     ->New());
    row->GetReflection()->SetInt64(row.get(), resource.key_column().field, 1);
    const Validator& validator = *Rules().FindValidator(resource.message);
    for (const Column& column : resource.columns) {
      for (auto& candidate : WithEdgesOf(*row, *column.field)) {
        if (column.field == resource.key_column().field) break;
        std::vector<Violation> violations;
        validator.ValidateField(*candidate, column.field, "", &violations);
        Values values;
        std::string problem;
        if (!violations.empty() ||
            !EncodeField(*candidate, *column.field, column, values, problem)) {
          continue;
        }
        row = std::move(candidate);
        break;
      }
    }
    EXPECT_TRUE(ServerAccepts(resource, *row)) << row->ShortDebugString();
    return row;
  }

  void ExpectAgreement(const Resource& resource, const Message& base, const Column& column) {
    const bool server_only = !ChecksOfColumn(column).server_only.empty();
    // PostgreSQL reads other spellings of a UUID too, and stores the same value.
    const bool lenient = server_only || column.type == ColumnType::kUuid;
    int accepted = 0;
    int refused = 0;
    for (const auto& row : WithEdgesOf(base, *column.field)) {
      const bool server = ServerAccepts(resource, *row);
      std::string refusal;
      const bool database = DatabaseAccepts(resource, *row, refusal);
      ++(database ? accepted : refused);
      if (server == database || (lenient && !server)) continue;
      ADD_FAILURE() << column.field->full_name() << ": the server "
                    << (server ? "accepts, the database refuses: "
                               : "refuses, the database accepts")
                    << refusal << "\n"
                    << row->ShortDebugString();
    }
    EXPECT_GT(accepted, 0) << column.field->full_name();
    if (server_only || column.rules.ignore() == buf::validate::IGNORE_ALWAYS) return;
    if (column.field->options().HasExtension(buf::validate::field)) {
      EXPECT_GT(refused, 0) << column.field->full_name() << ": no value breaks the rule";
    }
  }

  void ExpectAgreement(const Message& type) {
    const Resource* resource = Rules().FindResource(type.GetDescriptor());
    ASSERT_NE(resource, nullptr);
    const auto base = EmptiestRow(*resource);
    std::string refusal;
    ASSERT_TRUE(DatabaseAccepts(*resource, *base, refusal)) << refusal;
    for (const Column& column : resource->columns) {
      if (&column != &resource->key_column()) ExpectAgreement(*resource, *base, column);
    }
  }

  pqxx::connection connection_{OwnerDatabase()};
};

TEST_F(RulesDatabaseTest, Texts) { ExpectAgreement(::rules::v1::Texts()); }
TEST_F(RulesDatabaseTest, Numbers) { ExpectAgreement(::rules::v1::Numbers()); }
TEST_F(RulesDatabaseTest, Scalars) { ExpectAgreement(::rules::v1::Scalars()); }
TEST_F(RulesDatabaseTest, Times) { ExpectAgreement(::rules::v1::Times()); }
TEST_F(RulesDatabaseTest, Wrappers) { ExpectAgreement(::rules::v1::Wrappers()); }
TEST_F(RulesDatabaseTest, Lists) { ExpectAgreement(::rules::v1::Lists()); }
TEST_F(RulesDatabaseTest, Presence) { ExpectAgreement(::rules::v1::Presence()); }

// Every combination of what is set.
TEST_F(RulesDatabaseTest, Oneofs) {
  const Resource& resource = *Rules().FindResource(::rules::v1::Choices::descriptor());
  using Set = std::function<void(::rules::v1::Choices&)>;
  const Set none = [](auto&) {};
  const std::vector<std::vector<Set>> choices = {
      {none, [](auto& c) { c.set_a(""); }, [](auto& c) { c.set_a("ab"); },
       [](auto& c) { c.set_b(0); }},
      {none, [](auto& c) { c.set_c(""); }, [](auto& c) { c.set_d(0); },
       [](auto& c) { c.set_d(1); }},
      {none, [](auto& c) { c.set_number(-0.0); }, [](auto& c) { c.set_number(4); },
       [](auto& c) { c.set_number(5); }},
      {none, [](auto& c) { c.set_text(""); }},
      {none, [](auto& c) { c.add_numbers(0); }},
      {none, [](auto& c) { c.set_left("0188a5eb-3f2c-7d11-9c0a-00a0c91e6bf6"); }},
      {none, [](auto& c) { c.set_right("x"); }},
  };
  size_t combinations = 1;
  for (const auto& choice : choices) combinations *= choice.size();
  int accepted = 0;
  for (size_t n = 0; n < combinations; ++n) {
    ::rules::v1::Choices row;
    row.set_key(1);
    size_t rest = n;
    for (const auto& choice : choices) {
      choice[rest % choice.size()](row);
      rest /= choice.size();
    }
    std::string refusal;
    const bool server = ServerAccepts(resource, row);
    EXPECT_EQ(server, DatabaseAccepts(resource, row, refusal)) << row.ShortDebugString() << "\n"
                                                               << refusal;
    accepted += server;
  }
  EXPECT_GT(accepted, 0);
}

TEST_F(RulesDatabaseTest, TheServerAloneEnforcesOnlyThese) {
  std::vector<std::string> fields;
  for (const auto& resource : Rules().resources()) {
    for (const Column& column : resource->columns) {
      if (!ChecksOfColumn(column).server_only.empty()) {
        fields.push_back(absl::StrCat(resource->message->name(), ".", column.name));
      }
    }
  }
  EXPECT_THAT(fields, testing::UnorderedElementsAre(
                          "Texts.server_pattern", "Texts.uuid_prefix", "Texts.email",
                          "Scalars.data_pattern", "Times.past", "Times.future", "Times.around_now",
                          "Lists.different", "Lists.items_outside", "Lists.text_items_len",
                          "Lists.uuid_items_or_none", "Lists.items_or_zero", "Lists.keys_len",
                          "Lists.values"));
}

}  // namespace
}  // namespace dataservice::test
