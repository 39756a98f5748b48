// How values of each type of column are encoded and decoded: one row of functions for each type.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice {

// Appends the text that PostgreSQL reads as the value of `field` of `message`, which is set or
// has an implicit zero. False, with the reason in `problem`, for a value that the column
// cannot hold.
using EncodeFunction = bool(const google::protobuf::Message& message,
                            const google::protobuf::FieldDescriptor& field, const Column& column,
                            std::string& out, std::string& problem);

// WriteField() (serve/values/decode.h) for a column of the type.
using DecodeFunction = bool(const Column& column, std::string_view text,
                            const google::protobuf::Message& prototype,
                            const std::vector<std::string>& sub_fields, std::string& out);

// Reads a literal of a filter as a value of the field `type` (Column::value) and assigns the text
// that it is compared with: in the form that PostgreSQL reads or, with `json`, that ProtoJSON
// writes. False, with what the value must be in `problem`, for any other text.
using LiteralFunction = bool(std::string_view literal,
                             const google::protobuf::FieldDescriptor& type, bool json,
                             std::string& value, std::string& problem);

// InputText() (serve/values/decode.h) for a column of the type.
using InputFunction = std::string(std::string_view output);

// Cuts the message off to the precision of the column; leaves an invalid one as it is.
using TruncateFunction = void(google::protobuf::Message& value);

struct Codec {
  ColumnType type;
  EncodeFunction* encode;
  DecodeFunction* decode;
  LiteralFunction* literal = nullptr;    // null for a type that is not comparable
  InputFunction* input = nullptr;        // null: results have the text that PostgreSQL reads
  TruncateFunction* truncate = nullptr;  // null: the column holds every value exactly
};

// In the order of ColumnType.
extern const std::array<Codec, kColumnTypes> kCodecs;

inline const Codec& CodecOf(const Column& column) {
  return kCodecs[static_cast<size_t>(column.type)];
}

}  // namespace dataservice
