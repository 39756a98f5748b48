#include "contract/computed.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "contract/columns.h"
#include "contract/computed_types.h"
#include "contract/field_checks.h"
#include "contract/options.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using storage::v1::Computed;

const Computed& OptionOf(const FieldDescriptor& field) {
  return field.options().GetExtension(storage::v1::column).computed();
}

void CheckComputed(const Column& column, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *column.field;
  if (!HasBehavior(field, google::api::OUTPUT_ONLY)) {
    diagnostics.Add(field,
                    "is computed, so requests cannot set it; give it field_behavior OUTPUT_ONLY");
  }
  if (HasBehavior(field, google::api::IDENTIFIER)) {
    diagnostics.Add(field, "a key is not computed; drop IDENTIFIER or `computed`");
  }
  if (HasBehavior(field, google::api::IMMUTABLE)) {
    diagnostics.Add(field, "changes with the rows that it is computed from; drop IMMUTABLE");
  }
  if (field.options().GetExtension(storage::v1::column).has_references()) {
    diagnostics.Add(field, "is computed and refers to another resource; drop one of them");
  }
  if (field.options().HasExtension(buf::validate::field)) {
    diagnostics.Add(
        field, "is computed, and rules apply to values of requests; drop (buf.validate.field)");
  }
  if (field.name() == "create_time" || field.name() == "update_time") {
    diagnostics.Add(field, "is set by the server (AIP-148); drop `computed`, or rename the field");
  }
  if (field.is_repeated()) {
    diagnostics.Add(field, "is computed, and a function returns one value; drop `repeated`");
  }
}

// Position of the field of `source` that refers to `resource`, or -1.
int FindReference(const ComputedField& computed, const Resource& resource, const Resource& source,
                  Diagnostics& diagnostics) {
  const FieldDescriptor& field = *computed.column.field;
  const std::string& name = OptionOf(field).reference();
  const auto refers = [&](int i) {
    const Column& column = source.column(i);
    return column.reference && column.reference->resource == &resource;
  };
  if (!name.empty()) {
    const int position = source.Find(name);
    if (position >= 0 && refers(position)) return position;
    diagnostics.Add(field,
                    absl::StrCat("is computed over ", name, " of ", source.message->full_name(),
                                 ", which is not a reference to ", resource.message->full_name(),
                                 "; name a field with (storage.v1.column).references"));
    return -1;
  }
  // A reference to an unknown resource is reported with its own field.
  const bool unclear =
      std::any_of(source.columns.begin(), source.columns.end(), [](const Column& column) {
        return !column.reference &&
               column.field->options().GetExtension(storage::v1::column).has_references();
      });
  int found = -1;
  for (int i = 0; i < static_cast<int>(source.columns.size()); ++i) {
    if (!refers(i)) continue;
    if (found >= 0) {
      diagnostics.Add(field, absl::StrCat("is computed from ", source.message->full_name(),
                                          ", which refers to this resource with several fields; "
                                          "name one as `reference`"));
      return -1;
    }
    found = i;
  }
  if (found < 0 && !unclear) {
    diagnostics.Add(field, absl::StrCat("is computed from ", source.message->full_name(),
                                        ", which does not refer to ", resource.message->full_name(),
                                        "; give it a field with (storage.v1.column).references"));
  }
  return found;
}

// Position of the field of `source` that is aggregated, or -1.
int FindOperand(const ComputedField& computed, const Resource& source, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *computed.column.field;
  const std::string& name = OptionOf(field).field();
  if (computed.function == storage::v1::FUNCTION_COUNT) {
    if (!name.empty()) diagnostics.Add(field, "FUNCTION_COUNT counts rows; drop `field`");
    return -1;
  }
  if (name.empty()) {
    diagnostics.Add(
        field, absl::StrCat(storage::v1::Function_Name(computed.function),
                            " needs an operand; name a `field` of ", source.message->full_name()));
    return -1;
  }
  const int position = source.Find(name);
  if (position < 0) {
    diagnostics.Add(field,
                    absl::StrCat("is computed from ", name, ", which is not a stored field of ",
                                 source.message->full_name(), "; name one that is"));
  }
  return position;
}

}  // namespace

bool IsComputed(const FieldDescriptor& field) {
  return field.options().GetExtension(storage::v1::column).has_computed();
}

ComputedField BuildComputed(const FieldDescriptor& field, Diagnostics& diagnostics) {
  ComputedField computed;
  computed.column = BuildColumn(field, diagnostics);
  computed.function = OptionOf(field).function();
  CheckColumn(computed.column, diagnostics);
  CheckComputed(computed.column, diagnostics);
  return computed;
}

void ResolveComputed(Resource& resource, const std::vector<std::unique_ptr<Resource>>& resources,
                     Diagnostics& diagnostics) {
  for (ComputedField& computed : resource.computed) {
    const FieldDescriptor& field = *computed.column.field;
    const Computed& option = OptionOf(field);
    const std::string& name = option.resource();
    const Resource* source = FindByName(resources, name, *resource.message);
    if (source == nullptr) {
      diagnostics.Add(field,
                      absl::StrCat("is computed from ", name.empty() ? "nothing" : name,
                                   ", which is not a resource of the contract; name a message "
                                   "that has (storage.v1.table)"));
      continue;
    }
    computed.source = source;
    computed.reference = FindReference(computed, resource, *source, diagnostics);
    if (computed.function == storage::v1::FUNCTION_UNSPECIFIED ||
        !storage::v1::Function_IsValid(computed.function)) {
      diagnostics.Add(field, "has no `function`; write FUNCTION_COUNT, SUM, AVG, MIN or MAX");
      continue;
    }
    computed.operand = FindOperand(computed, *source, diagnostics);
    const bool counts = computed.function == storage::v1::FUNCTION_COUNT;
    if (!field.is_repeated() && (counts || computed.operand >= 0)) {
      CheckComputedTypes(computed, diagnostics);
    }
  }
}

}  // namespace dataservice
