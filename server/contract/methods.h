// Recognises methods by name, and checks their requests and responses.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>

#include "contract/contract.h"
#include "contract/diagnostics.h"

namespace dataservice {

// The method as the engine serves it. If it does not fit the standard method of its name,
// `diagnostics` gets what is missing, and the method has the kind, and the resource if that is
// clear. Null for a method of a resource without a key.
std::unique_ptr<Method> BuildMethod(const google::protobuf::MethodDescriptor& descriptor,
                                    const Contract& contract, Diagnostics& diagnostics);

}  // namespace dataservice
