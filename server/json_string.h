// Strings of JSON.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// Appends `text`, which is UTF-8, as a JSON string (RFC 8259, 7).
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace dataservice
