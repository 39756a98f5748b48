// A unary call whose request and response are bytes.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "engine_fixture.h"

namespace dataservice::test {

// Calls `path`, "/package.Service/Method", with the metadata and the deadline of `context`, by
// default 10 s. Appends the bytes of the response to `answer`, unless that is null.
grpc::Status RawCall(Engine& engine, grpc::ClientContext& context, const std::string& path,
                     const std::string& request, std::string* answer);

}  // namespace dataservice::test
