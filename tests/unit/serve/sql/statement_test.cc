#include "serve/sql/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "golden.h"
#include "owned/v1/owned.pb.h"

namespace dataservice::test {
namespace {

// Every shape of a contract's resources: a reviewer reads the SQL.
std::string AllStatements(const Contract& contract) {
  std::string out;
  for (const auto& resource : contract.resources()) {
    const auto add = [&](const char* name, auto shape) {
      shape.resource = resource.get();
      // Lists and exports of private rows compare the owner, as the handlers ask for.
      if constexpr (requires { shape.condition; }) {
        if (resource->is_private()) shape.columns.insert(shape.columns.begin(), resource->owner);
      }
      absl::StrAppend(&out, "-- ", name, " ", resource->message->full_name(), "\n",
                      BuildStatement(shape).text, ";\n\n");
    };
    const std::vector<int> all = ClientColumns(*resource);
    std::vector<int> changed = all;
    std::erase(changed, resource->key);
    add("get", GetShape{});
    const OrderTerm by_key{resource->key};
    const OrderTerm by_last{all.back(), true};
    add("first page", ListShape{.order = {by_key}});
    add("first pages", ListShape{.order = {by_key}, .shared_limit = 101});
    add("pages downwards",
        ListShape{
            .order = {by_last, {resource->key, true}}, .after = {true, true}, .shared_limit = 101});
    add("page of some", ListShape{.columns = {all.back()}, .order = {by_key}, .after = {true}});
    for (const int i : all) {
      if (!resource->column(i).reference) continue;
      add("first pages of parents",
          ListShape{.columns = {i}, .order = {by_last, by_key}, .shared_limit = 101});
      add("pages of parents, after NULL", ListShape{.columns = {i},
                                                    .order = {{all.back()}, by_key},
                                                    .after = {false, true},
                                                    .shared_limit = 1001});
    }
    add("counted page in two directions", ListShape{.columns = {all.back()},
                                                    .order = {by_last, by_key},
                                                    .after = {true, true},
                                                    .total = true});
    add("page in one direction, downwards",
        ListShape{.order = {by_last, {resource->key, true}}, .after = {true, true}});
    add("page after NULL", ListShape{.order = {{all.back()}, by_key}, .after = {false, true}});
    add("create", CreateShape{.columns = all});
    add("upsert", UpsertShape{.columns = all, .changes = changed});
    add("upsert that changes one", UpsertShape{.columns = all, .changes = {changed.front()}});
    add("update of one", UpdateShape{.columns = {changed.front()}});
    add("update of all", UpdateShape{.columns = changed});
    add("update of none", UpdateShape{});
    add("delete", DeleteShape{});
    add("lock", LockShape{});
    add("first page of an export", ExportShape{});
    add("page of an export", ExportShape{.after_key = true});
  }
  return out;
}

TEST(Statements, OfTheShippedContract) {
  ExpectGolden("shipped_statements.sql", AllStatements(ShippedContract()));
}

TEST(Statements, OfEveryType) {
  ExpectGolden("types_statements.sql", AllStatements(TypesContract()));
}

TEST(Statements, OfRowsThatBelongToSomebody) {
  ExpectGolden("owned_statements.sql", AllStatements(OwnedContract()));
}

TEST(Statements, OfAllOwners) {
  const Resource& folder = *OwnedContract().FindResource(owned::v1::Folder::descriptor());
  const OrderTerm by_key{folder.key};
  const OrderTerm by_owner{folder.owner};
  std::string out;
  for (const Shape& shape :
       {Shape(GetShape{.resource = &folder, .all_owners = true}),
        Shape(ListShape{.resource = &folder, .order = {by_owner, by_key}, .shared_limit = 101}),
        Shape(ListShape{.resource = &folder,
        .order = {{folder.Find("size")}, by_key, by_owner},
        .after = {true, true, true}}),
        Shape(ExportShape{.resource = &folder}),
        Shape(ExportShape{.resource = &folder, .after_key = true})}) {
    absl::StrAppend(&out, BuildStatement(shape).text, ";\n\n");
  }
  ExpectGolden("owned_statements_of_all_owners.sql", out);
}

TEST(Statements, OfPartsOfJson) {
  const Resource& resource = *TypesContract().resources()[1];
  const std::vector<int> merges{resource.Find("part"), resource.Find("counts")};
  ExpectGolden("merges.sql",
               BuildStatement(UpdateShape{.resource = &resource, .merges = merges}).text + "\n");
}

// Reads of a contract with `mask`, which has each resource's first computed field.
std::string MaskedReads(const Contract& contract) {
  std::string out;
  for (const auto& resource : contract.resources()) {
    const auto add = [&](const char* name, auto shape, ReadMask mask) {
      shape.resource = resource.get();
      shape.read_mask = std::move(mask);
      absl::StrAppend(&out, "-- ", name, " ", resource->message->full_name(), "\n",
                      BuildStatement(shape).text, ";\n\n");
    };
    std::vector<int> all(resource->computed.size());
    std::iota(all.begin(), all.end(), 0);
    const int last = ClientColumns(*resource).back();
    const OrderTerm by_key{resource->key};
    add("get of one column", GetShape{}, {.columns = {last}});
    if (resource->etag != nullptr) {
      add("get of the etag", GetShape{}, {.etag = true});
    }
    add("page of one column by another", ListShape{.order = {{last, true}, by_key}},
        {.columns = {resource->key}});
    if (all.empty()) continue;
    add("get of all that is computed", GetShape{}, {.computed = all});
    add("page of one computed field", ListShape{.order = {{last}, by_key}, .after = {true, true}},
        {.computed = {0}});
    add("counted page of one computed field", ListShape{.order = {by_key}, .total = true},
        {.computed = {0}});
  }
  return out;
}

TEST(Statements, OfReadMasks) {
  ExpectGolden("shipped_read_masks.sql", MaskedReads(ShippedContract()));
  ExpectGolden("types_read_masks.sql", MaskedReads(TypesContract()));
  ExpectGolden("owned_read_masks.sql", MaskedReads(OwnedContract()));
}

TEST(Statements, OfSeveralReferencesAndOfARowsOwnKind) {
  const InlineContract contract(R"(
message Node {
  option (storage.v1.table) = {};
  int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
  int64 left = 2 [(storage.v1.column).references = {resource: 'Node'}];
  int64 right = 3 [(storage.v1.column).references = {resource: 'Node'}];
  int32 lefts = 4 [(google.api.field_behavior) = OUTPUT_ONLY, (storage.v1.column).computed = {
    resource: 'Node' reference: 'left' function: FUNCTION_COUNT}];
  int32 rights = 5 [(google.api.field_behavior) = OUTPUT_ONLY, (storage.v1.column).computed = {
    resource: 'Node' reference: 'right' function: FUNCTION_COUNT}];
  optional int64 last_left = 6 [(google.api.field_behavior) = OUTPUT_ONLY,
    (storage.v1.column).computed = {
      resource: 'Node' reference: 'left' function: FUNCTION_MAX field: 'key'}];
})");
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(
      BuildStatement(
          GetShape{.resource = &contract.resource(), .read_mask = ReadMask{.computed = {0, 1, 2}}})
          .text,
      "/* Get test.v1.Node */ "
      "SELECT t.key, \"computed 0\", \"computed 1\", \"computed 2\" FROM test.node AS t "
      "LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS \"computed 0\", max(s.key) AS "
      "\"computed 2\" FROM test.node AS s WHERE s.\"left\" = t.key) AS g0 ON true "
      "LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS \"computed 1\" FROM test.node "
      "AS s WHERE s.\"right\" = t.key) AS g1 ON true WHERE t.key = ANY((SELECT "
      "$1::bigint[])::bigint[])");
}

TEST(Statements, SayWhereTheResultHasWhat) {
  const Resource& resource = *TypesContract().resources()[1];
  const int text = resource.Find("text");
  const ListShape shape{.resource = &resource,
                        .order = {{text}, {resource.key}},
                        .total = true,
                        .read_mask = ReadMask{.sub_fields = {"part.name"}, .etag = true}};
  const Statement statement = BuildStatement(shape);
  std::vector<std::string> names;
  for (const Output& output : statement.outputs) {
    names.push_back(output.column->name + (output.answered ? "+" : "-"));
  }
  EXPECT_THAT(names, testing::ElementsAre("id-", "origin_id-", "text-", "part+", "update_time-"));
  EXPECT_EQ(statement.key_column, 1);
  EXPECT_EQ(statement.ResultColumn(text), 3);
  EXPECT_EQ(statement.ResultColumn(resource.key), 1);
  EXPECT_THAT(statement.outputs[3].sub_fields, testing::ElementsAre("part.name"));
}

TEST(Statements, OfDeletionsThatSetReferencesToNull) {
  const InlineContract contract(R"(
message Node {
  option (storage.v1.table) = {};
  int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
}
message Edge {
  option (storage.v1.table) = {};
  int64 number = 1 [(google.api.field_behavior) = IDENTIFIER];
  optional int64 begin = 2 [(storage.v1.column).references = {
    resource: 'Node' on_delete: ON_DELETE_SET_NULL}];
  optional int64 end = 3 [(storage.v1.column).references = {
    resource: 'Node' on_delete: ON_DELETE_SET_NULL}];
  google.protobuf.Timestamp update_time = 4 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 5;
})");
  ASSERT_EQ(contract.Refusal(), "");
  const auto text = [&](auto shape, const char* name) {
    const auto& resources = contract->resources();
    const Resource& resource = **std::find_if(resources.begin(), resources.end(),
                                              [&](auto& r) { return r->message->name() == name; });
    shape.resource = &resource;
    return BuildStatement(shape).text + ";\n\n";
  };
  ExpectGolden("null_references.sql",
               "-- delete what is referred to\n" + text(DeleteShape{}, "Node") +
                   "-- delete and update what refers\n" + text(DeleteShape{}, "Edge") +
                   text(UpdateShape{}, "Edge"));
}

TEST(Statements, SayWhoseAnswerMayBeUnreadable) {
  const Resource& resource = *TypesContract().resources()[1];
  const auto answers = [&](auto shape) {
    shape.resource = &resource;
    return BuildStatement(shape).answers_old_json;
  };
  const std::vector<int> all = ClientColumns(resource);
  std::vector<int> others = all;
  std::erase(others, resource.Find("part"));
  EXPECT_FALSE(answers(UpdateShape{.columns = all}));
  EXPECT_TRUE(answers(UpdateShape{.columns = others}));
  EXPECT_TRUE(answers(UpdateShape{.columns = {resource.Find("text")}}));
  EXPECT_FALSE(answers(UpsertShape{.columns = all, .changes = all}));
  EXPECT_TRUE(answers(UpsertShape{.columns = all, .changes = others}));
  EXPECT_FALSE(answers(CreateShape{.columns = all}));
  EXPECT_FALSE(answers(GetShape{}));
  // One without jsonb has nothing to undo.
  const Resource& order = *TypesContract().resources()[0];
  EXPECT_FALSE(BuildStatement(UpdateShape{.resource = &order, .columns = {1}}).answers_old_json);
}

// The text grows with the terms, and not with their square.
TEST(Statements, OfManyTermsOfOrder) {
  const Resource& resource = *TypesContract().resources()[1];
  const auto size = [&](size_t terms) {
    ListShape shape{.resource = &resource};
    for (size_t i = 0; i < terms; ++i) {
      shape.order.push_back({resource.Find("opt_precise"), i % 2 == 0});
    }
    shape.order.push_back({resource.key});
    shape.after.assign(shape.order.size(), true);
    return BuildStatement(shape).text.size();
  };
  // 16 terms are 8 pairs, with longer numbers of parameters.
  EXPECT_LT(size(32) - size(16), 9 * (size(4) - size(2)));
}

TEST(Statements, StayUnderWhatPinsRdsProxy) {
  for (const auto& resource : TypesContract().resources()) {
    const UpsertShape shape{.resource = resource.get(),
                            .columns = ClientColumns(*resource),
                            .changes = ClientColumns(*resource)};
    EXPECT_LT(BuildStatement(shape).text.size(), 16U * 1024);
    std::vector<int> computed(resource->computed.size());
    std::iota(computed.begin(), computed.end(), 0);
    const ListShape read{
        .resource = resource.get(),
        .order = {{resource->key}},
        .total = true,
        .read_mask = ReadMask{.columns = ClientColumns(*resource), .computed = computed}};
    EXPECT_LT(BuildStatement(read).text.size(), 16U * 1024);
  }
}

}  // namespace
}  // namespace dataservice::test
