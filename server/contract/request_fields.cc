#include "contract/request_fields.h"

#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {

using google::protobuf::FieldDescriptor;

EqualityField RequestFields::TakeEquality(const FieldDescriptor& field, int index) {
  const Column& column = resource_->column(index);
  const bool same_type = field.type() == column.field->type() &&
                         field.is_repeated() == column.field->is_repeated() &&
                         field.message_type() == column.field->message_type() &&
                         field.enum_type() == column.field->enum_type();
  if (!same_type) {
    Problem(absl::StrCat("the request's field ", field.name(), " has another type than ",
                         column.field->full_name(), ", which it is compared with"));
  } else if (!column.is_comparable()) {
    Problem(absl::StrCat("the request's field ", field.name(),
                         " cannot be compared for equality; remove it"));
  }
  taken_.insert(&field);
  return {&field, index};
}

const FieldDescriptor* RequestFields::TakeKey() {
  const FieldDescriptor& key = *resource_->key_column().field;
  return Take(key.name(), key.type());
}

const FieldDescriptor* RequestFields::TakeBody() {
  for (int i = 0; i < request().field_count(); ++i) {
    const FieldDescriptor* field = request().field(i);
    if (field->message_type() != resource_->message || field->is_repeated()) continue;
    taken_.insert(field);
    return field;
  }
  Problem(absl::StrCat("the request lacks a field of type ", resource_->message->full_name()));
  return nullptr;
}

const FieldDescriptor* RequestFields::TakeMessage(const std::string& name, std::string_view type) {
  const FieldDescriptor* field = Take(name, FieldDescriptor::TYPE_MESSAGE);
  if (field != nullptr && field->message_type()->full_name() != type) {
    Problem(absl::StrCat("the request's field ", name, " must be a ", View(type)));
  }
  return field;
}

const FieldDescriptor* RequestFields::TakeUpdateMask() {
  return TakeMessage("update_mask", "google.protobuf.FieldMask");
}

const FieldDescriptor* RequestFields::TakeReadMask() {
  if (request().FindFieldByName("read_mask") == nullptr) return nullptr;
  return TakeMessage("read_mask", "google.protobuf.FieldMask");
}

const FieldDescriptor* RequestFields::TakeOptional(const std::string& name,
                                                   FieldDescriptor::Type type) {
  return request().FindFieldByName(name) == nullptr ? nullptr : Take(name, type);
}

const FieldDescriptor* RequestFields::Take(const std::string& name, FieldDescriptor::Type type) {
  const FieldDescriptor* field = request().FindFieldByName(name);
  const std::string declaration =
      absl::StrCat("`",
                   type == FieldDescriptor::TYPE_MESSAGE ? "google.protobuf.FieldMask"
                                                         : FieldDescriptor::TypeName(type),
                   " ", name, "`");
  if (field == nullptr) {
    Problem(absl::StrCat("the request lacks the field ", declaration));
    return nullptr;
  }
  taken_.insert(field);
  if (field->type() == type && !field->is_repeated()) return field;
  Problem(absl::StrCat("the request's field ", name, " must be ", declaration));
  return nullptr;
}

const FieldDescriptor* RequestFields::TakeRepeated(const std::string& name,
                                                   FieldDescriptor::Type type,
                                                   std::string_view declaration) {
  const FieldDescriptor* field = request().FindFieldByName(name);
  if (field == nullptr) return nullptr;
  taken_.insert(field);
  if (field->type() == type && field->is_repeated() && !field->is_map()) return field;
  Problem(absl::StrCat("the request's field ", name, " must be ", View(declaration)));
  mistyped_ = true;
  return nullptr;
}

void RequestFields::TakeAll() {
  for (int i = 0; i < request().field_count(); ++i) taken_.insert(request().field(i));
}

void RequestFields::RefuseTheRest() {
  for (int i = 0; i < request().field_count(); ++i) {
    const FieldDescriptor* field = request().field(i);
    if (taken_.contains(field)) continue;
    Problem(absl::StrCat("the request's field ", field->name(),
                         " is not used by this method; remove it"));
  }
}

void RequestFields::Problem(std::string_view problem) { diagnostics_.Add(descriptor_, problem); }

}  // namespace dataservice
