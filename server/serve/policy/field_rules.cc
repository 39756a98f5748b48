#include "serve/policy/field_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

const Resource& ResourceOf(const FieldDescriptor& field, const Contract& contract) {
  return *contract.FindResource(field.containing_type());
}

// Whether the computed field tells something of the column of `source`.
bool IsComputedFrom(const ComputedField& computed, const FieldSet& fields) {
  const auto has = [&](int column) {
    return column >= 0 && fields.contains(computed.source->column(column).field);
  };
  return has(computed.reference) || has(computed.operand);
}

bool IsMadeOf(const Resource& resource, const FieldSet& fields) {
  const auto has = [&](int column) { return fields.contains(resource.column(column).field); };
  const std::vector<int> references = resource.SetNullColumns();
  return (resource.update_time >= 0 && has(resource.update_time)) ||
         std::any_of(references.begin(), references.end(), has);
}

}  // namespace

absl::StatusOr<const FieldDescriptor*> FindResourceField(std::string_view name,
                                                         const Contract& contract) {
  const size_t dot = name.rfind('.');
  const std::string_view message = dot == std::string_view::npos ? "" : name.substr(0, dot);
  for (const auto& resource : contract.resources()) {
    if (resource->message->full_name() != message) continue;
    const auto* field = resource->message->FindFieldByName(std::string(name.substr(dot + 1)));
    if (field != nullptr) return field;
    return absl::InvalidArgumentError(
        absl::StrCat(View(message), " has no field \"", View(name.substr(dot + 1)), "\""));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", View(name),
      "\" is no field of a resource of the contract: write package.Message.field; a field inside "
      "a stored message cannot be named"));
}

absl::Status CanBeWithheld(const FieldDescriptor& field, const Contract& contract) {
  const Resource& resource = ResourceOf(field, contract);
  if (&field != resource.key_column().field) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field.full_name(), " is the key, which every response needs"));
}

absl::Status CanBeReadOnly(const FieldDescriptor& field, const Contract& contract) {
  const Resource& resource = ResourceOf(field, contract);
  const int column = resource.Find(&field);
  if (column >= 0 && column != resource.key &&
      resource.column(column).origin == ColumnOrigin::kClient) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(field.full_name(), column == resource.key ? " is the key, which names the row"
                                                             : " is written by no request"));
}

void AddDerivedFields(const Contract& contract, FieldSet& fields) {
  for (const auto& resource : contract.resources()) {
    for (const ComputedField& computed : resource->computed) {
      if (IsComputedFrom(computed, fields)) fields.insert(computed.column.field);
    }
    if (resource->etag != nullptr && IsMadeOf(*resource, fields)) fields.insert(resource->etag);
  }
}

}  // namespace dataservice
