// Paths of update masks that lead into what is stored as JSON (AIP-161): fields of stored
// messages, entries of maps, members of google.protobuf.Struct and Value.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

struct PartStep {
  // Null for an entry of a map or a member of a Struct.
  const google::protobuf::FieldDescriptor* field = nullptr;
  // In the stored JSON: the field's JSON name, or the entry's key.
  std::string name;
};

struct PartPath {
  // From the resource's field inwards; never empty.
  std::vector<PartStep> steps;
  // The path ends with a dot: it names the object itself, which is created if it does not
  // exist and keeps its parts if it does.
  bool object_only = false;
};

// Reads "part.name", "labels.key", "labels.`any key`" or "part.". A backquote inside a
// quoted name is written twice. Every step but the last is an object in JSON whose parts
// can be changed: not a list, and not a message that is one value. A map's key is written as
// ProtoJSON writes it. Nothing if there is no such part, or if it is deeper than
// kMaxMaskDepth.
std::optional<PartPath> FindPart(const google::protobuf::Descriptor& message,
                                 std::string_view text);

}  // namespace dataservice
