// Recognises methods by name and checks their requests and responses.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>

#include "contract/contract.h"
#include "contract/diagnostics.h"

namespace dataservice {

// Builds the method that the engine serves. Reports differences from the standard method of its
// name to `diagnostics`; the returned method then has its kind, and its resource if that is
// unambiguous. Returns null for a method of a resource without a key.
std::unique_ptr<Method> BuildMethod(const google::protobuf::MethodDescriptor& descriptor,
                                    const Contract& contract, Diagnostics& diagnostics);

}  // namespace dataservice
