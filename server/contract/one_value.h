// Which messages are one value.
#pragma once

#include <google/protobuf/descriptor.h>

namespace dataservice {

// Whether a message is one value, that is written whole and whose fields no mask names:
// those of google.protobuf, which have a form of their own in JSON, and of google.type,
// whose fields mean something together only (an amount and its currency). The gateway
// gets their names with the contract's description (contract/describe.h).
bool IsOneValue(const google::protobuf::Descriptor& message);

}  // namespace dataservice
