// Where a page of a list ended: the values of its order's columns, in one text
// that a page token can carry.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

using Position = std::vector<std::optional<std::string>>;

std::string EncodePosition(const Position& position);

// False for a text that EncodePosition did not make.
bool DecodePosition(std::string_view text, Position& position);

}  // namespace dataservice
