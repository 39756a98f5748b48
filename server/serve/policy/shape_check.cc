#include "serve/policy/shape_check.h"

#include <algorithm>
#include <string_view>

#include "contract/rules/value.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whether the field, or another one of its oneof, is set.
bool IsGiven(const Message& row, const FieldDescriptor& field) {
  const auto* oneof = field.real_containing_oneof();
  return oneof == nullptr ? rules::IsSet(row, &field) : row.GetReflection()->HasOneof(row, oneof);
}

// Keeps the first field that may not be used.
class Checker {
 public:
  Checker(const Resource& resource, const Access& access) : resource_(resource), access_(access) {}

  void Read(const FieldDescriptor* field) {
    if (field != nullptr && access_.hidden().contains(field)) Deny(*field, FieldUse::kRead);
  }
  void ReadColumn(int column) { Read(resource_.column(column).field); }
  void ReadColumns(const std::vector<int>& columns) {
    for (const int column : columns) ReadColumn(column);
  }

  void ReadCondition(const Condition& condition) {
    if (condition.kind == Condition::Kind::kComparison) ReadColumn(condition.comparison.column);
    for (const Condition& operand : condition.operands) ReadCondition(operand);
  }

  void ReadMasked(const std::optional<ReadMask>& mask) {
    if (!mask) return;
    ReadColumns(mask->columns);
    for (const int i : mask->computed) {
      Read(resource_.computed[static_cast<size_t>(i)].column.field);
    }
    for (const std::string& path : mask->sub_fields) {
      ReadColumn(resource_.Find(std::string_view(path).substr(0, path.find('.'))));
    }
    if (mask->etag) Read(resource_.etag);
  }

  void WriteColumns(const std::vector<int>& columns) {
    for (const int column : columns) {
      const FieldDescriptor& field = *resource_.column(column).field;
      if (access_.read_only().contains(&field)) Deny(field, FieldUse::kWrite);
      if (resource_.column(column).immutable) Read(&field);
    }
  }

  bool all_rows() const { return access_.all_rows(); }
  const absl::Status& status() const { return status_; }

 private:
  void Deny(const FieldDescriptor& field, FieldUse use) {
    if (status_.ok()) status_ = FieldDenied(field.full_name(), use);
  }

  const Resource& resource_;
  const Access& access_;
  absl::Status status_;
};

void Check(const GetShape& shape, Checker& checker) { checker.ReadMasked(shape.read_mask); }
void Check(const ListShape& shape, Checker& checker) {
  // The server compares the owner of private rows; what the request compares follows.
  const bool own = shape.resource->is_private() && !checker.all_rows();
  checker.ReadColumns({shape.columns.begin() + (own ? 1 : 0), shape.columns.end()});
  checker.ReadCondition(shape.condition);
  for (const OrderTerm& term : shape.order) checker.ReadColumn(term.column);
  checker.ReadMasked(shape.read_mask);
}
void Check(const ExportShape& shape, Checker& checker) { checker.ReadCondition(shape.condition); }
// The columns of a new row are those of every new row: CheckRow checks which are given.
void Check(const CreateShape&, Checker&) {}
void Check(const UpsertShape& shape, Checker& checker) { checker.WriteColumns(shape.changes); }
void Check(const UpdateShape& shape, Checker& checker) {
  checker.WriteColumns(shape.columns);
  checker.WriteColumns(shape.merges);
  checker.ReadColumns(shape.merges);
}
void Check(const DeleteShape&, Checker&) {}
void Check(const LockShape&, Checker&) {}

}  // namespace

absl::Status CheckShape(const Shape& shape, const Access& access) {
  if (access.hidden().empty() && access.read_only().empty()) return absl::OkStatus();
  Checker checker(ResourceOf(shape), access);
  std::visit([&](const auto& s) { Check(s, checker); }, shape);
  return checker.status();
}

absl::Status CheckRow(const Message& row, const Resource& resource, const Access& access) {
  if (access.read_only().empty()) return absl::OkStatus();
  for (const Column& column : resource.columns) {
    if (access.read_only().contains(column.field) && IsGiven(row, *column.field)) {
      return FieldDenied(column.field->full_name(), FieldUse::kWrite);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEtag(const Resource& resource, const Access& access) {
  if (resource.etag == nullptr || !access.hidden().contains(resource.etag)) return absl::OkStatus();
  return FieldDenied(resource.etag->full_name(), FieldUse::kRead);
}

std::vector<int> ReplacedColumns(const std::vector<int>& columns, const Message& row,
                                 const Resource& resource, const Access& access) {
  std::vector<int> replaced = columns;
  std::erase_if(replaced, [&](int column) {
    const FieldDescriptor* field = resource.column(column).field;
    return access.read_only().contains(field) ||
           (access.hidden().contains(field) && !IsGiven(row, *field));
  });
  return replaced;
}

}  // namespace dataservice
