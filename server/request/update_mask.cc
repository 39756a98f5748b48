#include "request/update_mask.h"

#include <google/protobuf/field_mask.pb.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "filter/field_type.h"
#include "request/mask_path.h"
#include "settings/limits.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsSet(const Message& row, const FieldDescriptor& field) {
  const auto& reflection = *row.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(row, &field) > 0
                             : reflection.HasField(row, &field);
}

// The field, and where it is of a oneof the other members, too.
std::vector<const FieldDescriptor*> WithSiblings(const FieldDescriptor& field) {
  const auto* oneof = field.real_containing_oneof();
  if (oneof == nullptr) return {&field};
  std::vector<const FieldDescriptor*> members;
  for (int i = 0; i < oneof->field_count(); ++i) members.push_back(oneof->field(i));
  return members;
}

class MaskReader {
 public:
  MaskReader(const Resource& resource, std::string_view mask_name, Violations& violations)
      : resource_(resource), mask_name_(mask_name), violations_(violations) {}

  void AddColumn(const FieldDescriptor& field) {
    for (const FieldDescriptor* member : WithSiblings(field)) {
      const int i = resource_.Find(member);
      if (i >= 0 && IsWritten(i)) columns_.insert(i);
    }
  }

  void AddPath(const std::string& text) {
    MaskPath path = FindMaskPath(*resource_.message, text);
    if (path.empty()) {
      violations_.Add(mask_name_, absl::StrCat("there is no field ", filter::Shortened(text)));
      return;
    }
    if (path.size() == 1) return AddColumn(*path.front());
    const int column = resource_.Find(path.front());
    if (column < 0 || !IsWritten(column)) return;
    if (resource_.columns[static_cast<size_t>(column)].immutable) return AddColumn(*path.front());
    for (const FieldDescriptor* member : WithSiblings(*path.back())) {
      path.back() = member;
      AddSubField(column, path);
    }
    // The message in which it is may be a member, too.
    for (const FieldDescriptor* member : WithSiblings(*path.front())) {
      if (member != path.front()) columns_.insert(resource_.Find(member));
    }
  }

  MaskedFields Take() {
    MaskedFields out;
    out.columns.assign(columns_.begin(), columns_.end());
    for (auto& [field, descriptors] : sub_fields_) {
      if (columns_.contains(field.column)) continue;
      // Sorted, so what it is inside of stands just before it.
      if (!out.sub_fields.empty() && IsInside(field, out.sub_fields.back().field)) continue;
      out.sub_fields.push_back({field, std::move(descriptors)});
    }
    return out;
  }

 private:
  bool IsWritten(int i) const {
    return i != resource_.key &&
           resource_.columns[static_cast<size_t>(i)].origin == ColumnOrigin::kClient;
  }

  void AddSubField(int column, const MaskPath& path) {
    SubField field{column, {}};
    for (size_t i = 1; i < path.size(); ++i) field.path.push_back(path[i]->json_name());
    sub_fields_.emplace(std::move(field), path);
  }

  static bool IsInside(const SubField& inner, const SubField& outer) {
    return inner.column == outer.column && outer.path.size() <= inner.path.size() &&
           std::equal(outer.path.begin(), outer.path.end(), inner.path.begin());
  }

  const Resource& resource_;
  const std::string_view mask_name_;
  Violations& violations_;
  std::set<int> columns_;
  std::map<SubField, MaskPath> sub_fields_;
};

}  // namespace

MaskedFields FieldsOfMask(const Resource& resource, const Message& mask, const Message& row,
                          std::string_view mask_name, Violations& violations) {
  const auto& paths = static_cast<const google::protobuf::FieldMask&>(mask).paths();
  MaskReader reader(resource, mask_name, violations);
  if (paths.size() > kMaxMaskPaths) {
    violations.Add(mask_name, absl::StrCat("value must have at most ", kMaxMaskPaths, " paths"));
    return {};
  }
  const bool all = paths.size() == 1 && paths[0] == "*";
  if (paths.empty() || all) {
    for (const Column& column : resource.columns) {
      if (all || IsSet(row, *column.field)) reader.AddColumn(*column.field);
    }
  } else {
    for (const std::string& path : paths) reader.AddPath(path);
  }
  return reader.Take();
}

}  // namespace dataservice
