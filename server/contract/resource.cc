#include "contract/resource.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

using google::protobuf::FieldDescriptor;

std::vector<int> Resource::PrimaryKey() const {
  return is_private() ? std::vector{owner, key} : std::vector{key};
}

std::vector<int> Resource::SetNullColumns() const {
  std::vector<int> out;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto& reference = columns[i].reference;
    if (reference && reference->on_delete == storage::v1::ON_DELETE_SET_NULL) {
      out.push_back(static_cast<int>(i));
    }
  }
  return out;
}

int Resource::Find(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int Resource::Find(const FieldDescriptor* field) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].field == field) return static_cast<int>(i);
  }
  return -1;
}

int Resource::FindComputed(std::string_view name) const {
  for (size_t i = 0; i < computed.size(); ++i) {
    if (computed[i].column.name == name) return static_cast<int>(i);
  }
  return -1;
}

const Resource* FindByName(const std::vector<std::unique_ptr<Resource>>& resources,
                           const std::string& name, const google::protobuf::Descriptor& from) {
  for (const std::string& full : {absl::StrCat(from.file()->package(), ".", name), name}) {
    for (const auto& resource : resources) {
      if (resource->message->full_name() == full) return resource.get();
    }
  }
  return nullptr;
}

}  // namespace dataservice
