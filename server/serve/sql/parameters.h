// Operations' values -> a statement's parameters.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "serve/sql/statement.h"
#include "serve/values/values.h"

namespace dataservice {

// Returns one text for each parameter, made from the values of the batch's operations. A statement
// whose parameters are not arrays takes exactly one operation.
std::vector<std::string> BindParameters(const Statement& statement,
                                        std::span<const Values* const> operations);

}  // namespace dataservice
