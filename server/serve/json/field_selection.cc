#include "serve/json/field_selection.h"

#include <string>
#include <utility>

namespace dataservice {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::unique_ptr<FieldSelection> FieldSelection::OfMask(const Resource& resource,
                                                       const ReadMask& mask) {
  auto selection = std::make_unique<FieldSelection>();
  for (const std::string& path : mask.sub_fields) selection->Add(*resource.message, path);
  for (const int i : mask.columns) {
    selection->Add(*resource.columns[static_cast<size_t>(i)].field);
  }
  for (const int i : mask.computed) {
    selection->Add(*resource.computed[static_cast<size_t>(i)].column.field);
  }
  if (mask.etag) selection->Add(*resource.etag);
  return selection;
}

std::unique_ptr<FieldSelection> FieldSelection::OfRows(const FieldDescriptor& rows,
                                                       std::unique_ptr<FieldSelection> of_rows) {
  auto selection = std::make_unique<FieldSelection>();
  selection->only_ = false;
  selection->fields_.emplace(&rows, std::move(of_rows));
  return selection;
}

bool FieldSelection::Contains(const FieldDescriptor& field, const FieldSelection*& inner) const {
  const auto found = fields_.find(&field);
  if (found == fields_.end()) return !only_;
  inner = found->second.get();
  return true;
}

void FieldSelection::Add(const FieldDescriptor& field) { fields_[&field] = nullptr; }

void FieldSelection::Add(const Descriptor& message, std::string_view path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field = message.FindFieldByName(std::string(path.substr(0, dot)));
  if (field == nullptr) return;
  const auto [entry, is_new] = fields_.try_emplace(field);
  if (dot == std::string_view::npos || field->message_type() == nullptr) {
    entry->second = nullptr;
    return;
  }
  if (is_new) entry->second = std::make_unique<FieldSelection>();
  if (entry->second != nullptr) {
    entry->second->Add(*field->message_type(), path.substr(dot + 1));
  }
}

}  // namespace dataservice
