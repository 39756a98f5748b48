// What a change of the contract breaks: clients that were made from the old
// version, and rows that were stored under it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "contract/contract.h"

namespace dataservice::breaking {

// One thing that breaks. Kind and element name it for good; the text may change.
struct Breakage {
  enum class Side { kClients, kStoredData };

  Side side = Side::kClients;
  std::string kind;     // "FIELD_REMOVED"
  std::string element;  // full name in the old version; in the new one, of what was added
  std::string text;     // one line: what was, what is, and what to do instead
};

// One version of a contract. What it refers to must outlive it.
struct ContractVersion {
  // The files that define its services and resources.
  std::vector<const google::protobuf::FileDescriptor*> files;
  // Null where the engine of today refuses it, and why.
  const Contract* contract = nullptr;
  std::string refusal;
};

// Of a contract that was built.
ContractVersion VersionOf(const Contract& contract);

// All that breaks between the two, sorted, each once; empty if nothing does. `after`
// has a contract. Where `before` has none, STORED_DATA_NOT_COMPARED stands for what
// breaks of stored data.
//
// Clients: the rules of `buf breaking` at its levels WIRE_JSON and PACKAGE where they
// apply to proto3, routes (google.api.http), and what requests must and may hold.
// Stored data: what rows may no longer be, and what is no longer found. A change that
// cannot be judged is reported.
std::vector<Breakage> Breaking(const ContractVersion& before, const ContractVersion& after);

}  // namespace dataservice::breaking
