// Imports: the shape of their response, and the method that stores their
// messages.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// Finds the response's fields for `method`. Answers what is missing or means
// nothing, each with its remedy; empty if the response fits.
std::vector<std::string> ReadImportResponse(const google::protobuf::Descriptor& response,
                                            Method& method);

// Gives each import the Create method whose request its messages are; one that
// has none goes to `diagnostics`, unless that method is among those refused.
void ResolveImports(const std::vector<std::unique_ptr<Method>>& methods,
                    const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics);

}  // namespace dataservice
