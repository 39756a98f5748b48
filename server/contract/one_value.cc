#include "contract/one_value.h"

namespace dataservice {

bool IsOneValue(const google::protobuf::Descriptor& message) {
  const std::string& package = message.file()->package();
  return package == "google.protobuf" || package == "google.type";
}

}  // namespace dataservice
