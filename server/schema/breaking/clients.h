// What breaks clients; breaking.h says what that is.
#pragma once

#include <google/protobuf/descriptor.h>

#include "schema/breaking/findings.h"
#include "schema/breaking/types.h"

namespace dataservice::breaking {

void CompareClients(const ContractTypes& before, const ContractTypes& after, Findings& findings);

// The parts of it.

// Services, methods and routes of packages that are still there.
void CompareServices(const ContractTypes& before, const ContractTypes& after, Findings& findings);

// How a message's fields are used, which decides what breaks.
struct MessageUse {
  bool sent = true;     // clients send it, and not only read it
  bool stored = false;  // its rules are compared as those of stored data
};

void CompareFields(const google::protobuf::Descriptor& before,
                   const google::protobuf::Descriptor& after, MessageUse use, Findings& findings);

}  // namespace dataservice::breaking
