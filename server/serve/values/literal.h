// Literals of filters that are scalars.
#pragma once

#include "serve/values/codec.h"

namespace dataservice {

// Any text.
LiteralFunction ConvertText;

// A UUID of either case; written in lower case.
LiteralFunction ConvertUuid;

// "true" or "false".
LiteralFunction ConvertBoolean;

// An integer or a floating-point number of the type of the field.
LiteralFunction ConvertNumber;

// The name or number of a value of the enum of the field.
LiteralFunction ConvertEnum;

// Base64, of either alphabet.
LiteralFunction ConvertBytes;

}  // namespace dataservice
