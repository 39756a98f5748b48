#include "serve/policy/shape_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "google/rpc/error_details.pb.h"
#include "owned/v1/owned.pb.h"
#include "serve/errors/details.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using types::v1::Order;
using types::v1::Sample;

class ShapeCheck : public testing::Test {
 protected:
  const Resource& order_ = *TypesContract().FindResource(Order::descriptor());
  const Resource& sample_ = *TypesContract().FindResource(Sample::descriptor());

  static FieldSet Fields(const Resource& resource, const std::vector<std::string>& names) {
    FieldSet fields;
    for (const std::string& name : names) {
      fields.insert(resource.message->FindFieldByName(name));
    }
    return fields;
  }
  static Access Hiding(const Resource& resource, const std::vector<std::string>& names) {
    return Access(false, Fields(resource, names), {}, {});
  }
  static Access ReadOnly(const Resource& resource, const std::vector<std::string>& names) {
    return Access(false, {}, Fields(resource, names), {});
  }
  // The name of the field that is denied; empty if the status is OK.
  static std::string Denied(const absl::Status& status) {
    if (status.ok()) return "";
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    google::rpc::ErrorInfo info;
    EXPECT_TRUE(FindDetail(status, info));
    EXPECT_EQ(info.reason(), "FIELD_DENIED");
    return info.metadata().at("field");
  }
  int Column(const char* name) const { return sample_.Find(std::string_view(name)); }
};

// The server compares the owner, and not the request.
TEST_F(ShapeCheck, AWithheldOwnerIsComparedByTheServerOnly) {
  const Resource& folder = *OwnedContract().FindResource(owned::v1::Folder::descriptor());
  const Access access = Hiding(folder, {"owner"});
  ListShape list{.resource = &folder, .columns = {folder.owner}, .order = {{folder.key}}};
  EXPECT_EQ(Denied(CheckShape(list, access)), "");
  list.columns.push_back(folder.owner);
  EXPECT_EQ(Denied(CheckShape(list, access)), "owned.v1.Folder.owner");
  list.columns = {folder.owner};
  list.order = {{folder.owner}, {folder.key}};
  EXPECT_EQ(Denied(CheckShape(list, access)), "owned.v1.Folder.owner");
}

TEST_F(ShapeCheck, ReadsNameNoHiddenField) {
  const Access access = Hiding(sample_, {"text", "price"});
  EXPECT_EQ(Denied(CheckShape(GetShape{&sample_}, access)), "");
  const auto masked = [&](ReadMask mask) {
    return Denied(CheckShape(GetShape{&sample_, std::move(mask)}, access));
  };
  EXPECT_EQ(masked({.columns = {Column("i32")}}), "");
  EXPECT_EQ(masked({.columns = {Column("i32"), Column("text")}}), "types.v1.Sample.text");
  EXPECT_EQ(masked({.sub_fields = {"price.units"}}), "types.v1.Sample.price");
  const Access computed = Hiding(order_, {"sample_count"});
  const int count = order_.FindComputed("sample_count");
  EXPECT_EQ(Denied(CheckShape(GetShape{&order_, ReadMask{.computed = {count}}}, computed)),
            "types.v1.Order.sample_count");
}

TEST_F(ShapeCheck, ListsNameNoHiddenField) {
  const Access access = Hiding(sample_, {"text"});
  const std::vector<OrderTerm> by_key = {{sample_.key}};
  const auto denied = [&](ListShape shape) {
    shape.resource = &sample_;
    return Denied(CheckShape(shape, access));
  };
  EXPECT_EQ(denied({.order = by_key}), "");
  EXPECT_EQ(denied({.columns = {Column("text")}, .order = by_key}), "types.v1.Sample.text");
  EXPECT_EQ(denied({.order = {{Column("text")}, {sample_.key}}}), "types.v1.Sample.text");
  Condition inner{.kind = Condition::Kind::kComparison};
  inner.comparison.column = Column("text");
  const Condition negated{.kind = Condition::Kind::kNot, .operands = {inner}};
  const Condition either{.kind = Condition::Kind::kOr, .operands = {negated}};
  EXPECT_EQ(denied({.condition = either, .order = by_key}), "types.v1.Sample.text");
  EXPECT_EQ(Denied(CheckShape(ExportShape{.resource = &sample_, .condition = either}, access)),
            "types.v1.Sample.text");
  EXPECT_EQ(Denied(CheckShape(ExportShape{.resource = &sample_}, access)), "");
}

TEST_F(ShapeCheck, UpdatesWriteNoReadOnlyField) {
  const Access access = ReadOnly(sample_, {"text", "price"});
  const auto denied = [&](UpdateShape shape) {
    shape.resource = &sample_;
    return Denied(CheckShape(shape, access));
  };
  EXPECT_EQ(denied({.columns = {Column("i32")}}), "");
  EXPECT_EQ(denied({.columns = {Column("text")}}), "types.v1.Sample.text");
  EXPECT_EQ(denied({.merges = {Column("price")}}), "types.v1.Sample.price");
}

TEST_F(ShapeCheck, WritesDoNotCompareHiddenValues) {
  const int group = order_.Find(std::string_view("group"));  // IMMUTABLE
  const Access order = Hiding(order_, {"group", "user"});
  EXPECT_EQ(Denied(CheckShape(UpdateShape{.resource = &order_, .columns = {group}}, order)),
            "types.v1.Order.group");
  EXPECT_EQ(Denied(CheckShape(UpsertShape{.resource = &order_, .changes = {group}}, order)),
            "types.v1.Order.group");
  const int user = order_.Find(std::string_view("user"));
  EXPECT_EQ(Denied(CheckShape(UpdateShape{.resource = &order_, .columns = {user}}, order)), "");
  const Access sample = Hiding(sample_, {"price"});
  EXPECT_EQ(
      Denied(CheckShape(UpdateShape{.resource = &sample_, .merges = {Column("price")}}, sample)),
      "types.v1.Sample.price");
}

TEST_F(ShapeCheck, NewRowsHaveNoReadOnlyField) {
  const Access access = ReadOnly(sample_, {"text", "labels"});
  Sample row;
  EXPECT_EQ(Denied(CheckRow(row, sample_, access)), "");
  row.set_i32(1);
  EXPECT_EQ(Denied(CheckRow(row, sample_, access)), "");
  row.add_labels("x");
  EXPECT_EQ(Denied(CheckRow(row, sample_, access)), "types.v1.Sample.labels");
}

TEST_F(ShapeCheck, AReplacementKeepsWhatTheCallerCannotSeeOrWrite) {
  const std::vector<int> columns = {Column("i32"), Column("text"), Column("i64")};
  const Access access(false, Fields(sample_, {"text"}), Fields(sample_, {"i64"}), {});
  Sample row;
  EXPECT_THAT(ReplacedColumns(columns, row, sample_, access), ElementsAre(Column("i32")));
  row.set_text("x");
  EXPECT_THAT(ReplacedColumns(columns, row, sample_, access),
              ElementsAre(Column("i32"), Column("text")));
  EXPECT_EQ(ReplacedColumns(columns, row, sample_, Access()), columns);
}

}  // namespace
}  // namespace dataservice::test
