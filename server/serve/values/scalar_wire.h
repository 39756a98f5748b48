// Codec::decode and Codec::input for the types of scalars, of arrays of them and of their
// wrapper messages.
#pragma once

#include "serve/values/codec.h"

namespace dataservice {

DecodeFunction DecodeText;  // UUIDs, too
DecodeFunction DecodeBytes;
DecodeFunction DecodeBoolean;
DecodeFunction DecodeInteger;  // every integer type of Protobuf, and enums
DecodeFunction DecodeReal;
DecodeFunction DecodeDouble;

InputFunction RealInput;
InputFunction DoubleInput;

}  // namespace dataservice
