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
  // The path ends with a dot: the object at its end, of which nothing changes; it comes
  // into being where there is none.
  bool object_only = false;
};

// Reads "part.name", "labels.key", "labels.`any key`" or "part.". A backquote inside a
// quoted name is written twice. Every step but the last is an object in JSON whose parts
// can be changed: no list, and no message that is one value. A map's key is written as
// ProtoJSON writes it. Nothing where there is no such part, or it is deeper than
// kMaxMaskDepth.
std::optional<PartPath> FindPart(const google::protobuf::Descriptor& message,
                                 std::string_view text);

}  // namespace dataservice
