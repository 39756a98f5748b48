// The parts of JSON text as ProtoJSON writes them
// (https://protobuf.dev/programming-guides/json). The same text as Go's protojson
// writes, without spaces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dataservice {

// Appends a string with the escapes that RFC 8259, 7, demands, and no others. Returns
// false, with part of it appended, if it is not UTF-8.
bool AppendJsonText(std::string_view text, std::string& out);

// Appends a number as ECMAScript writes it (the fewest digits that read back as the
// same value); "NaN", "Infinity" and "-Infinity" as strings.
void AppendJsonFloat(float value, std::string& out);
void AppendJsonDouble(double value, std::string& out);

// Appends a decimal number.
void AppendDecimal(int64_t value, std::string& out);
void AppendDecimal(uint64_t value, std::string& out);

// Appends bytes as a string of base64 with padding (RFC 4648, 4).
void AppendJsonBytes(std::string_view bytes, std::string& out);

}  // namespace dataservice
