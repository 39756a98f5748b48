// grpc.reflection.v1.ServerReflection, and the same as v1alpha, by which older
// clients ask. gRPC 1.51's own has v1alpha alone, and threads of its own.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "serve/request/stream.h"

namespace dataservice {

// The full names of both services.
std::set<std::string> ReflectionServices();

// Their handlers. They list `services`, and resolve what is in the generated
// descriptor pool.
std::vector<std::unique_ptr<StreamHandler>> MakeReflectionHandlers(
    const std::set<std::string>& services);

}  // namespace dataservice
