// Rules over several fields: oneofs, and (buf.validate.message).oneof.
#pragma once

#include <google/protobuf/descriptor.h>

#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// Reports ONEOF_TIGHTENED for messages that were allowed and are refused now.
void AddOneofChanges(const google::protobuf::Descriptor& before,
                     const google::protobuf::Descriptor& after, Findings& findings);

}  // namespace dataservice::breaking
