// Where a page of a list begins.
#pragma once

#include <functional>
#include <string>

#include "contract/shape.h"

namespace dataservice {

// Adds a parameter of an SQL type; answers its text, "$3::uuid".
using AddParameter = std::function<std::string(const std::string& type)>;

// The condition that a row of `t` comes after the position of `shape.after` in
// the shape's order. Adds one parameter for each value of the position, in its
// order; a NULL needs none. Where all terms go one way and none is NULL it is a
// row comparison, which an index over the order's columns serves.
std::string AfterPosition(const Shape& shape, const AddParameter& add);

// "t.a DESC, t.id"
std::string OrderList(const Shape& shape, std::string_view alias);

}  // namespace dataservice
