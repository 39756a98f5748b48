#include "serve/request/key_field.h"

#include "serve/values/encode.h"

namespace dataservice {

using google::protobuf::Message;

KeyField::KeyField(const Contract& contract, const Resource& resource,
                   const google::protobuf::FieldDescriptor& field)
    : resource_(resource), field_(field), row_rules_(*contract.FindValidator(resource.message)) {}

void KeyField::Read(const Message& request, google::protobuf::Arena& arena, Values& values,
                    Violations& violations) const {
  Validate(request, arena, violations);
  std::string problem;
  if (!EncodeField(request, field_, resource_.key_column(), values, problem)) {
    violations.Add(field_.name(), problem);
  }
}

void KeyField::Validate(const Message& request, google::protobuf::Arena& arena,
                        Violations& violations) const {
  const Column& key = resource_.key_column();
  if (!request.GetReflection()->HasField(request, &field_)) {
    violations.Add(field_.name(), "value is required");
  } else if (key.type == ColumnType::kText) {
    Message* row = resource_.prototype->New(&arena);
    row->GetReflection()->SetString(row, key.field,
                                    request.GetReflection()->GetString(request, &field_));
    row_rules_.ValidateField(*row, key.field, "", violations.list());
  }
}

}  // namespace dataservice
