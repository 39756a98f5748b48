// For random pairs of contracts: the plan from one to the other, applied to a
// database with rows, leads there, and keeps what nobody allowed it to lose.
#include <gmock/gmock.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "random_contract.h"
#include "schema_fixture.h"
#include "suite_form.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::IsEmpty;

class SchemaPropertyTest : public SchemaChangeTest {
 protected:
  // Rows that the contract's rules refuse are left out.
  static void AddRows(const RandomContract& contract, std::mt19937& random) {
    const auto session = SchemaSession::Connect(OwnerDatabase());
    for (const std::string& statement : contract.Rows(random)) {
      (*session)->Execute(statement).IgnoreError();
    }
  }

  // What each column has, by message and number, as far as it can be compared: the
  // rows in the order of their keys.
  static std::map<std::string, std::string> Content(const RandomContract& contract) {
    std::map<std::string, std::string> out;
    for (const RandomMessage& message : contract.messages) {
      const std::string table = "test." + message.table;
      out[message.name] =
          Value(absl::StrCat("SELECT string_agg(id::text, ' ' ORDER BY id) FROM ", table));
      for (const RandomField& field : message.fields) {
        out[absl::StrCat(message.name, " ", field.number, " ", field.type)] =
            Value(absl::StrCat("SELECT string_agg(coalesce(", field.name,
                               "::text, 'NULL'), ' ' ORDER BY id) FROM ", table));
      }
    }
    return out;
  }
};

TEST_F(SchemaPropertyTest, EveryPlanLeadsToItsContract) {
  const char* given = std::getenv("TEST_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
  std::mt19937 random(seed);
  const int pairs = IsShortForm() ? 15 : 40;
  int applied = 0;
  int refused = 0;
  for (int i = 0; i < pairs; ++i) {
    const RandomContract before(random);
    const RandomContract after = before.Changed(random);
    SCOPED_TRACE(absl::StrCat("TEST_SEED=", seed, " pair ", i, "\n", before.Proto(), "---\n",
                              after.Proto()));
    const InlineContract old_contract(before.Proto());
    const InlineContract new_contract(after.Proto());
    ASSERT_EQ(old_contract.Refusal(), "");
    ASSERT_EQ(new_contract.Refusal(), "");
    const SchemaModel old_model = ModelOfContract(*old_contract);
    const SchemaModel new_model = ModelOfContract(*new_contract);
    DropAll();
    ASSERT_TRUE(ApplySchema(old_model).ok());
    AddRows(before, random);
    const auto content = Content(before);
    const std::string schema = Dump(old_model);

    const auto plan = PlanTo(new_model);
    ASSERT_TRUE(plan.ok()) << plan.status();
    const std::set<std::string> lost = Permissions(*plan);
    const auto done = ApplyAll(new_model);
    if (!Objections(*plan, lost).empty()) {
      ++refused;
      EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition) << done.status();
      EXPECT_EQ(Dump(old_model), schema);
      EXPECT_EQ(Content(before), content);
      continue;
    }
    ++applied;
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_THAT(Wrong(new_model), IsEmpty());
    EXPECT_THAT(PlanTo(new_model)->plan.steps, IsEmpty());
    // Keys of tables, and columns whose type is the same.
    for (const auto& [what, values] : Content(after)) {
      const auto found = content.find(what);
      if (found != content.end()) EXPECT_EQ(values, found->second) << what;
    }
  }
  // Of both there are some, or this says nothing.
  EXPECT_GT(applied, pairs / 4);
  RecordProperty("applied", applied);
  RecordProperty("refused", refused);
}

}  // namespace
}  // namespace dataservice::test
