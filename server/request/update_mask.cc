#include "request/update_mask.h"

#include <google/protobuf/field_mask.pb.h>

#include <set>

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsWritten(const Resource& resource, int i) {
  return i != resource.key &&
         resource.columns[static_cast<size_t>(i)].origin == ColumnOrigin::kClient;
}

bool IsSet(const Message& row, const FieldDescriptor& field) {
  const auto& reflection = *row.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(row, &field) > 0
                             : reflection.HasField(row, &field);
}

void AddWithSiblings(const Resource& resource, int i, std::set<int>& columns) {
  const auto* oneof = resource.columns[static_cast<size_t>(i)].field->real_containing_oneof();
  if (oneof == nullptr) {
    columns.insert(i);
    return;
  }
  for (int member = 0; member < oneof->field_count(); ++member) {
    columns.insert(resource.Find(oneof->field(member)));
  }
}

void AddPath(const Resource& resource, const std::string& path, std::string_view mask_name,
             std::set<int>& columns, Violations& violations) {
  const FieldDescriptor* field = resource.message->FindFieldByName(path);
  if (field == nullptr) {
    violations.Add(mask_name, path.find('.') == std::string::npos
                                  ? absl::StrCat("there is no field ", path)
                                  : absl::StrCat(path, " names a part of a field; name it whole"));
    return;
  }
  const int i = resource.Find(field);
  if (i >= 0 && IsWritten(resource, i)) AddWithSiblings(resource, i, columns);
}

}  // namespace

std::vector<int> ColumnsOfMask(const Resource& resource, const Message& mask, const Message& row,
                               std::string_view mask_name, Violations& violations) {
  const auto& paths = static_cast<const google::protobuf::FieldMask&>(mask).paths();
  std::set<int> columns;
  const bool all = paths.size() == 1 && paths[0] == "*";
  if (paths.empty() || all) {
    for (size_t i = 0; i < resource.columns.size(); ++i) {
      const int position = static_cast<int>(i);
      if (!IsWritten(resource, position)) continue;
      if (all || IsSet(row, *resource.columns[i].field)) {
        AddWithSiblings(resource, position, columns);
      }
    }
  } else {
    for (const std::string& path : paths) AddPath(resource, path, mask_name, columns, violations);
  }
  return {columns.begin(), columns.end()};
}

}  // namespace dataservice
