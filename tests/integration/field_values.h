// Values of a field at the edges of its type and of its rules.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <vector>

namespace dataservice::test {

// Sets a field of a message; of a list, appends an element.
using SetValue = std::function<void(google::protobuf::Message& message,
                                    const google::protobuf::FieldDescriptor& field)>;

// Messages like `base`, each with another value of `field`: absent, at and
// beside every value that the field's rules name, the extremes of its type, and
// what PostgreSQL's syntax could trip over. Times are whole microseconds.
std::vector<std::unique_ptr<google::protobuf::Message>> WithEdgesOf(
    const google::protobuf::Message& base, const google::protobuf::FieldDescriptor& field);

// The same as setters of one value: a singular field, or an element.
std::vector<SetValue> EdgesOf(const google::protobuf::FieldDescriptor& field,
                              const google::protobuf::Message& rules);

}  // namespace dataservice::test
