// The beginning of a page of a list.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/shape.h"

namespace dataservice {

// Adds a parameter of a column's type and returns the text of its value, "$3::uuid".
using AddParameter = std::function<std::string(const Column& column)>;

// Returns the condition that a row of `t` follows a position in `order`, which has a value (true)
// or NULL for each term, as `after` says. Adds one parameter for each value, in that order. If all
// terms have the same direction and none is NULL, the condition is a row comparison, which can use
// an index over the order's columns.
std::string AfterPosition(const Resource& resource, const std::vector<OrderTerm>& order,
                          const std::vector<bool>& after, const AddParameter& add);

// "t.a DESC, t.id"
std::string OrderList(const Resource& resource, const std::vector<OrderTerm>& order,
                      std::string_view alias);

}  // namespace dataservice
