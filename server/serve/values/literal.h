// Literals of filters -> the texts that columns are compared with: in the form that PostgreSQL
// reads or, with `json`, that ProtoJSON writes. Each function returns false, with the expected form
// in `problem`, for any other text.
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
