// Codec::encode for the types of scalars, of arrays of them and of their wrapper messages.
#pragma once

#include "serve/values/codec.h"

namespace dataservice {

EncodeFunction EncodeText;  // rejects a NUL character, which PostgreSQL cannot hold
EncodeFunction EncodeUuid;  // in lower case; rejects what is no UUID
EncodeFunction EncodeBytes;
EncodeFunction EncodeBoolean;
EncodeFunction EncodeInteger;  // every integer type of Protobuf
EncodeFunction EncodeReal;
EncodeFunction EncodeDouble;
EncodeFunction EncodeEnum;  // the number; rejects one that the enum does not have

}  // namespace dataservice
