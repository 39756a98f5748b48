// Messages that are one value.
#pragma once

#include <google/protobuf/descriptor.h>

namespace dataservice {

// Whether the message is one value: it is always written as a whole, and masks cannot name its
// fields. This holds for google.protobuf, whose messages have special forms in JSON, and for
// google.type, whose fields have a meaning only together (an amount and its currency). The gateway
// reads the names of these messages from the contract's description (contract/describe.h).
bool IsOneValue(const google::protobuf::Descriptor& message);

}  // namespace dataservice
