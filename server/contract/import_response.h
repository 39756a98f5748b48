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

// Finds the response's fields for `import`. Returns what is missing or not used, each with
// its remedy; empty if the response fits.
std::vector<std::string> ReadImportResponse(const google::protobuf::Descriptor& response,
                                            ImportMethod& import);

// Sets the Create method of each import, whose request its messages are. An import without
// one goes to `diagnostics`, unless that method is among those that were refused.
void ResolveImports(const std::vector<std::unique_ptr<Method>>& methods,
                    const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics);

}  // namespace dataservice
