// Changes that break clients, as breaking.h defines them.
#pragma once

#include <google/protobuf/descriptor.h>

#include "schema/breaking/findings.h"
#include "schema/breaking/types.h"

namespace dataservice::breaking {

void CompareClients(const ContractTypes& before, const ContractTypes& after, Findings& findings);

// The parts of this comparison.

// Services, methods and routes of packages that still exist.
void CompareServices(const ContractTypes& before, const ContractTypes& after, Findings& findings);

// How the fields of a message are used. It decides which changes break clients.
struct MessageUse {
  bool sent = true;     // clients send the message, or else only read it
  bool stored = false;  // its rules are compared as those of stored data
};

void CompareFields(const google::protobuf::Descriptor& before,
                   const google::protobuf::Descriptor& after, MessageUse use, Findings& findings);

}  // namespace dataservice::breaking
