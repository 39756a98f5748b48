// Fields of requests -> the text that PostgreSQL reads.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "contract/column.h"
#include "serve/values/values.h"

namespace dataservice {

// Appends the value of `field` of `message` to `values`, as a value of `column`. The field is the
// column's own, or one of the same type in a request. An absent value is NULL. Returns false, with
// a reason for the caller in `problem` and NULL in `values`, for a value that the column cannot
// hold: an unknown enum number, a time out of range, a malformed UUID.
bool EncodeField(const google::protobuf::Message& message,
                 const google::protobuf::FieldDescriptor& field, const Column& column,
                 Values& values, std::string& problem);

// Truncates the column's field of `row`, if it is set, to the precision that PostgreSQL holds
// (microseconds). Call it before rules are checked, so that the value they accept is the value
// that is stored.
void TruncateField(google::protobuf::Message& row, const Column& column);

}  // namespace dataservice
