// One value of a message, of any type, in the form that checks read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dataservice::rules {

// Narrow types are widened, which does not change comparisons. Views and pointers refer to the
// message that was read.
struct Value {
  union {
    int64_t i = 0;  // int32, int64 and their kin; enum; bool as 0 or 1
    uint64_t u;     // uint32, uint64 and their kin; the size of a list or map
    double d;       // float, double
  };
  std::string_view text;                               // string, bytes
  const google::protobuf::Message* message = nullptr;  // a message; of a list, its parent
};

// Returns the value of a singular field, or its default if it is not set. `reflection` is the
// message's. Getting it costs as much as a read, so loops get it once.
Value ReadField(const google::protobuf::Message& message,
                const google::protobuf::Reflection* reflection,
                const google::protobuf::FieldDescriptor* field);
inline Value ReadField(const google::protobuf::Message& message,
                       const google::protobuf::FieldDescriptor* field) {
  return ReadField(message, message.GetReflection(), field);
}

// The value at `index` of a repeated field.
Value ReadItem(const google::protobuf::Message& message,
               const google::protobuf::Reflection* reflection,
               const google::protobuf::FieldDescriptor* field, int index);
inline Value ReadItem(const google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor* field, int index) {
  return ReadItem(message, message.GetReflection(), field, index);
}

// Whether a value of a singular field without presence counts as not set: all its bits are zero,
// so -0.0 is set.
inline bool IsUnset(const Value& value) { return value.u == 0 && value.text.empty(); }

// Whether a singular field is set, or a list or map is not empty. A field without
// presence is set when it is not zero.
bool IsSet(const google::protobuf::Message& message,
           const google::protobuf::FieldDescriptor* field);

// Whether a value of `field`, or of an element if it is repeated, is the zero value of its type. A
// message is zero if none of its fields is set.
bool IsZero(const Value& value, const google::protobuf::FieldDescriptor* field);

// Returns a google.protobuf.Timestamp or Duration, generated or dynamic, in nanoseconds. The result
// cannot overflow.
absl::int128 Nanoseconds(const google::protobuf::Message& time);

}  // namespace dataservice::rules
