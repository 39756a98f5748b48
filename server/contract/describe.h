// The contract as data for other programs.
#pragma once

#include <string>

#include "contract/contract.h"
#include "dataservice/v1/contract_description.pb.h"

namespace dataservice {

// Returns what the engine has decided about a contract, with its methods in the order
// of the contract. The same contract always has the same description.
v1::ContractDescription Describe(const Contract& contract);

// Returns the description as JSON.
std::string DescriptionJson(const v1::ContractDescription& description);

}  // namespace dataservice
