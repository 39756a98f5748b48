#include "contract/owner_checks.h"

#include "absl/strings/str_cat.h"
#include "contract/options.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

// The only rule of an owner is that it is a UUID.
bool HasOtherRules(const Column& column) {
  buf::validate::FieldRules rules = column.rules;
  if (rules.string().uuid()) {
    rules.mutable_string()->clear_uuid();
    if (rules.string().ByteSizeLong() == 0) rules.clear_string();
  }
  return rules.ByteSizeLong() > 0;
}

void CheckReferenceOfOwner(const Resource& resource, const Column& column,
                           Diagnostics& diagnostics) {
  const Resource& target = *column.reference->resource;
  const std::string& name = resource.message->name();
  if (resource.has_owner() && column.reference->on_delete == storage::v1::ON_DELETE_SET_NULL) {
    diagnostics.Add(*column.field,
                    "is of a resource with an owner, where ON_DELETE_SET_NULL is not supported; "
                    "use ON_DELETE_CASCADE or ON_DELETE_RESTRICT");
  }
  if (!target.is_private()) return;
  if (!resource.has_owner()) {
    diagnostics.Add(
        *column.field,
        absl::StrCat("refers to ", target.message->full_name(), ", whose rows have an owner, and ",
                     name, " has none: a row could refer to one of any owner; give ", name,
                     " an owner with the claim ", target.owner_claim));
    return;
  }
  if (resource.owner_claim != target.owner_claim ||
      resource.owner_column().type != target.owner_column().type) {
    diagnostics.Add(*column.field,
                    absl::StrCat("refers to ", target.message->full_name(),
                                 ", whose owner has another claim or type than that of ", name,
                                 "; give both the same claim and type"));
  }
}

}  // namespace

void CheckAcrossOwners(const Resource& resource, const storage::v1::Index& index,
                       Diagnostics& diagnostics) {
  if (!index.unique()) {
    diagnostics.Add(*resource.message,
                    "has an index with across_owners that is not unique; only uniqueness goes "
                    "across owners: add `unique: true`, or drop across_owners");
  } else if (!resource.has_owner()) {
    diagnostics.Add(*resource.message,
                    "has an index with across_owners and has no owner; drop across_owners");
  }
}

void CheckOwner(const Column& column, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *column.field;
  const auto& option = field.options().GetExtension(storage::v1::column);
  if (field.type() != FieldDescriptor::TYPE_STRING || field.is_repeated()) {
    diagnostics.Add(field, "an owner is one text; make it a `string`");
  }
  if (field.has_presence()) {
    diagnostics.Add(field,
                    "an owner is always present; drop `optional`, or take it out of the oneof");
  }
  if (!HasBehavior(field, google::api::OUTPUT_ONLY)) {
    diagnostics.Add(field,
                    "an owner is set by the server; give it [(google.api.field_behavior) = "
                    "OUTPUT_ONLY]");
  }
  if (option.has_references()) {
    diagnostics.Add(field, "an owner is no reference; drop `references`");
  }
  if (option.owner().claim().empty()) {
    diagnostics.Add(field,
                    "has no claim; name the one that has the owner, such as `sub`, the subject of "
                    "the caller: (storage.v1.column).owner = {claim: \"sub\"}");
  }
  if (HasOtherRules(column)) {
    diagnostics.Add(field,
                    "an owner comes from the identity of the caller, and can have no rule but "
                    "string.uuid; drop the others");
  }
}

void CheckOwners(const std::vector<std::unique_ptr<Resource>>& resources,
                 Diagnostics& diagnostics) {
  for (const auto& resource : resources) {
    for (const Column& column : resource->columns) {
      if (column.reference) CheckReferenceOfOwner(*resource, column, diagnostics);
    }
    for (const ComputedField& field : resource->computed) {
      if (field.source == nullptr || !field.source->is_private() || resource->is_private())
        continue;
      diagnostics.Add(*field.column.field,
                      absl::StrCat("is computed from ", field.source->message->full_name(),
                                   ", whose rows only their owners read, and every caller reads ",
                                   resource->message->name(),
                                   ": it would show callers the rows of others; drop the field"));
    }
  }
}

}  // namespace dataservice
