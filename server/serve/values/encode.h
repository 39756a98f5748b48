// Fields of requests -> PostgreSQL's text input.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "contract/column.h"
#include "serve/values/values.h"

namespace dataservice {

// Appends the value of `field` of `message` to `values`, as one of `column`
// (whose own field it is, or one of the same type in a request). An absent
// value is NULL. False, with a reason for people in `problem` and NULL in
// `values`, for a value that the column cannot hold: an unknown enum number, a
// time out of range, a malformed uuid.
bool EncodeField(const google::protobuf::Message& message,
                 const google::protobuf::FieldDescriptor& field, const Column& column,
                 Values& values, std::string& problem);

// Truncates the nanoseconds of a timestamp or interval column's field, if it is
// set, to the microseconds that PostgreSQL holds: before rules are checked, so
// that what they accept is what is stored.
void TruncateTime(google::protobuf::Message& row, const Column& column);

// Whether `text` is a UUID in its usual form of 36 characters (RFC 9562, 4), of
// either case.
bool IsUuid(std::string_view text);

}  // namespace dataservice
