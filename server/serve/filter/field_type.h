// The types of fields from the point of view of a filter.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

#include "contract/condition.h"

namespace dataservice::filter {

// The kind of value at the end of a member's path, `a.b.c`.
enum class Form {
  kScalar,    // compared as a whole; also times, durations, dates and wrappers
  kMessage,   // has fields
  kRepeated,  // has elements
  kMap,       // has entries; google.protobuf.Struct too
  kOpaque,    // only tested for presence: Any, Value and other messages whose ProtoJSON is not
              // an object of their fields
};

// The form of the field itself if `whole`, otherwise of one of its elements or entries.
Form FormOf(const google::protobuf::FieldDescriptor& field, bool whole);

// How one of its values is compared inside jsonb.
LeafType LeafOf(const google::protobuf::FieldDescriptor& field, Form form);

// Whether an element of the repeated field, or the field, has fields or entries
// that a path can lead into.
bool HasFields(const google::protobuf::FieldDescriptor& field);

// The field of an entry's value: of a map, or of google.protobuf.Struct.
const google::protobuf::FieldDescriptor* MapValueField(
    const google::protobuf::FieldDescriptor& field);

// A text of the filter for an error message, shortened if it is long.
std::string Shortened(std::string_view text);

}  // namespace dataservice::filter
