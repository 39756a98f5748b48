// The beginning of a page of a list.
#pragma once

#include <functional>
#include <string>

#include "contract/shape.h"

namespace dataservice {

// Adds a parameter of an SQL type and returns its text, "$3::uuid".
using AddParameter = std::function<std::string(const std::string& type)>;

// Returns the condition that a row of `t` follows the position `shape.after` in the shape's order.
// Adds one parameter for each value of the position that is not NULL, in its order. If all terms
// have the same direction and none is NULL, the condition is a row comparison, which can use an
// index over the order's columns.
std::string AfterPosition(const Shape& shape, const AddParameter& add);

// "t.a DESC, t.id"
std::string OrderList(const Shape& shape, std::string_view alias);

}  // namespace dataservice
