// Literals of a filter -> the text that they are compared with: as PostgreSQL reads a column's
// value or, with `json`, as ProtoJSON writes it. Each function is false, with what the value must
// be in `problem`, for a text that is no value of the type. Numbers and times have headers of
// their own.
#pragma once

#include <string>
#include <string_view>

#include "serve/values/codec.h"

namespace dataservice {

// "true" or "false".
bool ConvertBoolean(std::string_view literal, std::string& value, std::string& problem);

// An integer or a floating-point number of the type of the field `type`.
bool ConvertNumber(std::string_view literal, const google::protobuf::FieldDescriptor& type,
                   bool json, std::string& value, std::string& problem);

// The name or number of a value of the enum of the field `type`.
bool ConvertEnum(std::string_view literal, const google::protobuf::FieldDescriptor& type, bool json,
                 std::string& value, std::string& problem);

// Base64, of either alphabet.
bool ConvertBytes(std::string_view literal, bool json, std::string& value, std::string& problem);

// Codec::literal for the types of scalars.
LiteralFunction TextLiteral;
LiteralFunction UuidLiteral;
LiteralFunction BooleanLiteral;
LiteralFunction NumberLiteral;
LiteralFunction BytesLiteral;
LiteralFunction EnumLiteral;

}  // namespace dataservice
