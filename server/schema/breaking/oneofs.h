// Rules over several fields: oneofs, and (buf.validate.message).oneof.
#pragma once

#include <google/protobuf/descriptor.h>

#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// What they refuse of messages that were allowed: ONEOF_TIGHTENED.
void AddOneofChanges(const google::protobuf::Descriptor& before,
                     const google::protobuf::Descriptor& after, Findings& findings);

}  // namespace dataservice::breaking
