// What rows of types.v1.Sample must be, in memory.
#pragma once

#include <google/protobuf/field_mask.pb.h>

#include <map>
#include <string>

#include "types/v1/types.pb.h"

namespace dataservice::test {

// Rows by key, with the server's times and etag as it answered them.
using RowModel = std::map<std::string, types::v1::Sample>;

// As the server stores what a client sends: times in whole microseconds, UUIDs
// in lower case, and without what only the server sets.
types::v1::Sample Stored(types::v1::Sample sent);

// Changes `row` as AIP-134 and contract.md say; false if nothing changes. Paths
// as in Masked().
bool ApplyMask(const google::protobuf::FieldMask& mask, const types::v1::Sample& sent,
               types::v1::Sample& row);

// What a read of `row` with this mask answers (AIP-157). Paths name a field, or
// one directly inside a stored message.
types::v1::Sample Masked(const google::protobuf::FieldMask& mask, const types::v1::Sample& row);

// The row with the server's fields of `answer`.
types::v1::Sample WithServerFields(types::v1::Sample row, const types::v1::Sample& answer);

// Bit for bit, maps in any order: tells -0.0 from 0 and finds NaN equal to NaN.
// What differs; empty if nothing.
std::string Difference(const types::v1::Sample& expected, const types::v1::Sample& actual);

}  // namespace dataservice::test
