#include "contract/field_checks.h"

#include "absl/strings/str_cat.h"
#include "contract/options.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

void CheckBehaviors(const FieldDescriptor& field, Diagnostics& diagnostics) {
  if (HasBehavior(field, google::api::INPUT_ONLY)) {
    diagnostics.Add(field,
                    "INPUT_ONLY is not supported, because responses have every stored field; drop "
                    "that behavior");
  }
  if (HasBehavior(field, google::api::NON_EMPTY_DEFAULT)) {
    diagnostics.Add(field,
                    "NON_EMPTY_DEFAULT is not supported, because the server generates no values; "
                    "drop that behavior");
  }
  if (HasBehavior(field, google::api::OPTIONAL) && HasBehavior(field, google::api::REQUIRED)) {
    diagnostics.Add(field, "OPTIONAL and REQUIRED contradict each other; drop one of them");
  }
}

void CheckOneof(const Column& column, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *column.field;
  const auto* oneof = field.real_containing_oneof();
  if (oneof == nullptr) return;
  if (column.origin != ColumnOrigin::kClient) {
    diagnostics.Add(field, absl::StrCat("is OUTPUT_ONLY in the oneof ", oneof->name(),
                                        ", which requests set as a whole; take it out of the "
                                        "oneof"));
  }
  if (column.required && oneof->field_count() > 1) {
    diagnostics.Add(field,
                    absl::StrCat("is REQUIRED, so no other member of the oneof ", oneof->name(),
                                 " can be set; require the oneof instead: option "
                                 "(buf.validate.oneof).required = true"));
  }
}

}  // namespace

void CheckColumn(const Column& column, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *column.field;
  CheckBehaviors(field, diagnostics);
  CheckOneof(column, diagnostics);
  if (column.origin != ColumnOrigin::kClient && column.required) {
    diagnostics.Add(field, "OUTPUT_ONLY and REQUIRED contradict each other; drop one of them");
  }
  if (column.origin == ColumnOrigin::kUpdateTime && column.immutable) {
    diagnostics.Add(field, "changes with every update, so it is not IMMUTABLE; drop that behavior");
  }
}

bool IsKeyType(const Column& column) { return !column.is_wrapper() && column.traits().key; }

void CheckKey(const Column& column, Diagnostics& diagnostics) {
  const FieldDescriptor& field = *column.field;
  if (!IsKeyType(column)) {
    diagnostics.Add(field, "a key is a string or an integer; give it such a type");
  }
  if (field.real_containing_oneof() != nullptr) {
    diagnostics.Add(field, "a key is always present; take it out of the oneof");
  } else if (field.has_optional_keyword()) {
    diagnostics.Add(field, "a key is always present; drop `optional`");
  } else if (field.is_repeated() && !field.is_map()) {
    diagnostics.Add(field, "a key is one value; drop `repeated`");
  }
  if (column.origin != ColumnOrigin::kClient) {
    diagnostics.Add(field, "a key is not OUTPUT_ONLY; drop that behavior");
  }
}

void CheckEtag(const FieldDescriptor& field, Diagnostics& diagnostics) {
  if (field.type() != FieldDescriptor::TYPE_STRING || field.is_repeated()) {
    diagnostics.Add(field, "an etag is a `string` (AIP-154); make it one, or rename the field");
  }
  if (field.real_containing_oneof() != nullptr) {
    diagnostics.Add(field, "an etag belongs to the whole row; take it out of the oneof");
  }
  if (field.options().ExtensionSize(google::api::field_behavior) > 0) {
    diagnostics.Add(field,
                    "an etag comes from the server, and clients may send it back (AIP-154); "
                    "drop its field_behavior");
  }
  if (field.options().HasExtension(storage::v1::column)) {
    diagnostics.Add(field, "an etag is not stored; drop (storage.v1.column)");
  }
  if (field.options().HasExtension(buf::validate::field)) {
    diagnostics.Add(field, "an etag is computed by the server; drop (buf.validate.field)");
  }
}

void CheckReference(const Column& column, Diagnostics& diagnostics) {
  if (column.field->is_repeated()) {
    diagnostics.Add(
        *column.field,
        "refers to several rows, which a foreign key cannot express; define a resource for "
        "the relation, or drop the reference");
  }
  if (column.origin != ColumnOrigin::kClient) {
    diagnostics.Add(*column.field,
                    "is OUTPUT_ONLY, so no request could set the reference; drop one of them");
  }
}

}  // namespace dataservice
