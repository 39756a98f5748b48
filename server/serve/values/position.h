// The position at which a page of a list ended: the values of its order's columns, as one text for
// a page token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

using Position = std::vector<std::optional<std::string>>;

std::string EncodePosition(const Position& position);

// Returns false for a text that EncodePosition() does not produce.
bool DecodePosition(std::string_view text, Position& position);

}  // namespace dataservice
