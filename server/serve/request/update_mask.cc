#include "serve/request/update_mask.h"

#include <google/protobuf/field_mask.pb.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "contract/rules/value.h"
#include "engine_limits.h"
#include "serve/filter/field_type.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

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
    auto path = FindPart(*resource_.message, text);
    if (!path) {
      violations_.Add(mask_name_, absl::StrCat("there is no field ", filter::Shortened(text)));
      return;
    }
    const FieldDescriptor& field = *path->steps.front().field;
    if (path->steps.size() == 1 && !path->object_only) return AddColumn(field);
    const int column = resource_.Find(&field);
    if (column < 0 || !IsWritten(column)) return;
    if (resource_.column(column).immutable) return AddColumn(field);
    AddPart(column, *path);
    // The message in which it is may be a member, too.
    for (const FieldDescriptor* member : WithSiblings(field)) {
      if (member != &field) columns_.insert(resource_.Find(member));
    }
    parts_.push_back(*std::move(path));
  }

  MaskedFields Take() {
    MaskedFields out;
    out.columns.assign(columns_.begin(), columns_.end());
    for (const int column : columns_) changes_.erase(column);
    out.changes = std::move(changes_);
    for (PartPath& part : parts_) {
      const int column = resource_.Find(part.steps.front().field);
      if (!columns_.contains(column)) out.parts.push_back(std::move(part));
    }
    return out;
  }

 private:
  bool IsWritten(int i) const {
    return i != resource_.key && resource_.column(i).origin == ColumnOrigin::kClient;
  }

  void AddPart(int column, const PartPath& path) {
    JsonChange& change = changes_[column];
    JsonChange::Path names;
    for (size_t i = 1; i < path.steps.size(); ++i) {
      const PartStep& step = path.steps[i];
      const auto members =
          step.field == nullptr ? std::vector<const FieldDescriptor*>() : WithSiblings(*step.field);
      for (const FieldDescriptor* member : members) {
        if (member == step.field) continue;
        names.push_back(member->json_name());
        change.Replace(names);
        names.pop_back();
      }
      names.push_back(step.name);
    }
    path.object_only ? change.MakeObject(std::move(names)) : change.Replace(std::move(names));
  }

  const Resource& resource_;
  const std::string_view mask_name_;
  Violations& violations_;
  std::set<int> columns_;
  std::map<int, JsonChange> changes_;
  std::vector<PartPath> parts_;
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
      if (all || rules::IsSet(row, column.field)) reader.AddColumn(*column.field);
    }
  } else {
    for (const std::string& path : paths) reader.AddPath(path);
  }
  return reader.Take();
}

}  // namespace dataservice
