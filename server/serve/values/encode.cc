#include "serve/values/encode.h"

#include "serve/values/codec.h"

namespace dataservice {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool EncodeField(const Message& message, const FieldDescriptor& field, const Column& column,
                 Values& values, std::string& problem) {
  const bool null_if_unset = column.zero_is_null || field.has_presence();
  if (null_if_unset && !message.GetReflection()->HasField(message, &field)) {
    values.AddNull();
    return true;
  }
  if (CodecOf(column).encode(message, field, column, values.Begin(), problem)) {
    values.End();
    return true;
  }
  values.AddNull();
  return false;
}

void TruncateField(Message& row, const Column& column) {
  TruncateFunction* const truncate = CodecOf(column).truncate;
  const Reflection& reflection = *row.GetReflection();
  if (truncate == nullptr || !reflection.HasField(row, column.field)) return;
  truncate(*reflection.MutableMessage(&row, column.field));
}

}  // namespace dataservice
