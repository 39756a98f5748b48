#include "serve/request/mask_path.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "contract/field_lookup.h"
#include "contract/one_value.h"
#include "engine_limits.h"

namespace dataservice {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool HasNamedFields(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_MESSAGE && !field.is_repeated() &&
         !IsOneValue(*field.message_type());
}

MaskPath FindMaskPath(const Descriptor& message, const std::string& text) {
  MaskPath path;
  const Descriptor* type = &message;
  for (const auto name : absl::StrSplit(text, '.')) {
    if (!path.empty()) type = HasNamedFields(*path.back()) ? path.back()->message_type() : nullptr;
    const FieldDescriptor* field =
        type == nullptr ? nullptr : FindField(*type, std::string_view(name.data(), name.size()));
    if (field == nullptr || path.size() == kMaxMaskDepth) return {};
    path.push_back(field);
  }
  return path;
}

std::string TextOf(const MaskPath& path) {
  return absl::StrJoin(path, ".", [](std::string* out, const FieldDescriptor* field) {
    out->append(field->name());
  });
}

}  // namespace dataservice
