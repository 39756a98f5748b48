// A literal of a filter -> the text that PostgreSQL reads as its value.
#pragma once

#include <string>

#include "serve/filter/member.h"
#include "serve/filter/syntax.h"

namespace dataservice::filter {

// Whether a scalar member is compared as text, in which stars have a meaning.
bool IsText(const Member& member);

// Whether the values of a scalar member have an order: all but booleans, enums and bytes.
bool IsOrdered(const Member& member);

// Reads a word as a value of a scalar member; quotes make no difference.
// Integers are digits; floating-point numbers may have fraction and exponent, or
// be Infinity, and are rounded to the field's type; a google.type.Decimal has its own
// grammar and is exact; enums go by name or number;
// bytes are base64; times are RFC 3339 and durations "1.5s". False, with what the
// value must be in `problem`, for any other. Inside jsonb the value is written as
// ProtoJSON has it; in a column nanoseconds are cut off.
bool ConvertLiteral(const Member& member, const Word& word, std::string& value,
                    std::string& problem);

}  // namespace dataservice::filter
