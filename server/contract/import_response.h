// Import methods: their response, and the method that stores their messages.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// Finds the response's fields and sets them in `method`. Returns a problem and its remedy for each
// field that is missing or unknown; empty if the response is correct.
std::vector<std::string> ReadImportResponse(const google::protobuf::Descriptor& response,
                                            Method& method);

// Finds the Create method of each import, whose requests are the import's messages. Reports an
// import without one to `diagnostics`, unless that method is among `refused`.
void ResolveImports(const std::vector<std::unique_ptr<Method>>& methods,
                    const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics);

}  // namespace dataservice
