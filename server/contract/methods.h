// Methods: recognised by name, checked by shape.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>

#include "contract/contract.h"
#include "contract/diagnostics.h"

namespace dataservice {

// The method as the engine serves it; null where it fits none of the standard
// ones, and then `diagnostics` says what is missing.
std::unique_ptr<Method> BuildMethod(const google::protobuf::MethodDescriptor& descriptor,
                                    const Contract& contract, Diagnostics& diagnostics);

}  // namespace dataservice
