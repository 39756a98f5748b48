// The methods that an entry of `call` in a policy names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/contract.h"

namespace dataservice {

// Whether the standard method only reads. Custom methods are neither reads nor writes.
bool IsRead(MethodKind kind);
bool IsWrite(MethodKind kind);

// Paths of the methods that `name` stands for:
//   package.Service/Method  one method
//   package.Service/*       all methods of a service
//   package.Service/read    its methods that read (Get, List, BatchGet, Export)
//   package.Service/write   its methods that write (Create, Update, Upsert, Delete, batches,
//   Import) read, write             those of all services
//   *                       all methods of all services of the contract
//   reflection              server reflection, all versions
// INVALID_ARGUMENT with the reason if it stands for none.
absl::StatusOr<std::vector<std::string>> MethodsOf(std::string_view name, const Contract& contract);

}  // namespace dataservice
