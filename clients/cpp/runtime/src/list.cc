#include "dataservice/client/list.h"

#include <google/protobuf/descriptor.h>

namespace dataservice::client::internal {
namespace {

// The largest page that the service returns.
constexpr int kMaxPage = 1000;

const google::protobuf::FieldDescriptor* Field(const google::protobuf::Message& message,
                                               const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

}  // namespace

void SetPage(google::protobuf::Message& request, const std::string& token,
             std::optional<int> limit) {
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  if (const auto* field = Field(request, "page_size")) {
    int size = reflection.GetInt32(request, field);
    if (size == 0) size = kMaxPage;
    if (limit && size > 0) size = std::min(size, *limit);
    reflection.SetInt32(&request, field, size);
  }
  if (const auto* field = Field(request, "page_token"); field != nullptr && !token.empty()) {
    reflection.SetString(&request, field, token);
  }
}

std::string Text(const google::protobuf::Message& message, const std::string& name) {
  const auto* field = Field(message, name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

}  // namespace dataservice::client::internal
