// Paths of field masks (AIP-161): "part.name".
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace dataservice {

// From a message's field inwards; the last is the one that is named.
using MaskPath = std::vector<const google::protobuf::FieldDescriptor*>;

// Whether the field is a message whose fields a path can name.
bool HasNamedFields(const google::protobuf::FieldDescriptor& field);

// The fields of a path within `message`, in any spelling (contract/field_lookup.h). Every step but
// the last is a message that is stored as a JSON object: no list or map, and not one value
// (IsOneValue). Empty where there is no such field, or it is deeper than kMaxMaskDepth.
MaskPath FindMaskPath(const google::protobuf::Descriptor& message, const std::string& text);

// The path by the fields' names.
std::string TextOf(const MaskPath& path);

}  // namespace dataservice
