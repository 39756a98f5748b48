// Finds what a change of a contract breaks for clients of the old version and for rows that were
// stored under it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "contract/contract.h"

namespace dataservice::breaking {

// One breaking change. Kind and element identify it and are stable; the text may change.
struct Breakage {
  enum class Side { kClients, kStoredData };

  Side side = Side::kClients;
  std::string kind;     // "FIELD_REMOVED"
  std::string element;  // full name in the old version; for an added element, in the new one
  std::string text;     // one line: the old state, the new state, and the remedy
};

// One version of a contract. The objects that it refers to must outlive it.
struct ContractVersion {
  // The files that define its services and resources.
  std::vector<const google::protobuf::FileDescriptor*> files;
  // Null if the engine of today refuses the contract; `refusal` is the reason.
  const Contract* contract = nullptr;
  std::string refusal;
};

// The version of a contract that was built.
ContractVersion VersionOf(const Contract& contract);

// All breaking changes, sorted and without duplicates. `after` must have a contract. If `before`
// has none, STORED_DATA_NOT_COMPARED stands for the changes that break stored data.
//
// Clients: the rules of `buf breaking` at its levels WIRE_JSON and PACKAGE where they
// apply to proto3, routes (google.api.http), and what requests must and may contain.
// Stored data: values that would be refused, and values that would no longer be found. A change
// that cannot be judged is reported.
std::vector<Breakage> Breaking(const ContractVersion& before, const ContractVersion& after);

}  // namespace dataservice::breaking
