// Methods: recognised by name, checked by shape.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>

#include "contract/contract.h"
#include "contract/diagnostics.h"

namespace dataservice {

// The method as the engine serves it. Where it does not fit the standard one of
// its name, `diagnostics` says what is missing, and the method has the kind, and
// the resource where that is clear. Null for a method of a resource without a key.
std::unique_ptr<Method> BuildMethod(const google::protobuf::MethodDescriptor& descriptor,
                                    const Contract& contract, Diagnostics& diagnostics);

}  // namespace dataservice
