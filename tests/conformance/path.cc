#include "path.h"

#include <cstdlib>
#include <string>

#include "absl/strings/escaping.h"

namespace dataservice::conformance {
namespace {

using buf::validate::FieldPath;
using buf::validate::FieldPathElement;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Type = google::protobuf::FieldDescriptorProto::Type;

// Length of the subscript that `path` begins with, brackets included. A string key is
// quoted and may contain any character.
size_t SubscriptLength(std::string_view path) {
  size_t at = 1;
  if (path[at] == '"') {
    for (++at; path[at] != '"'; ++at) {
      if (path[at] == '\\') ++at;
    }
  }
  return path.find(']', at) + 1;
}

void SetSubscript(const FieldDescriptor* field, const std::string& text,
                  FieldPathElement* element) {
  if (!field->is_map()) {
    element->set_index(std::strtoull(text.c_str(), nullptr, 10));
    return;
  }
  const FieldDescriptor* key = field->message_type()->map_key();
  element->set_key_type(static_cast<Type>(key->type()));
  element->set_value_type(static_cast<Type>(field->message_type()->map_value()->type()));
  switch (key->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      element->set_bool_key(text == "true");
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      absl::CUnescape(text.substr(1, text.size() - 2), element->mutable_string_key());
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      element->set_uint_key(std::strtoull(text.c_str(), nullptr, 10));
      break;
    default:
      element->set_int_key(std::strtoll(text.c_str(), nullptr, 10));
  }
}

}  // namespace

FieldPath ParsePath(const Descriptor* root, std::string_view path) {
  FieldPath result;
  const Descriptor* type = root;
  while (!path.empty()) {
    const std::string name(path.substr(0, path.find_first_of(".[")));
    path.remove_prefix(name.size());
    FieldPathElement* element = result.add_elements();
    element->set_field_name(name);
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(name);
    // A group's field has the group's name in lower case.
    if (field != nullptr) {
      if (field->type() == FieldDescriptor::TYPE_GROUP) element->set_field_name(field->name());
      element->set_field_number(field->number());
      element->set_field_type(static_cast<Type>(field->type()));
    }
    if (!path.empty() && path.front() == '[') {
      const size_t length = SubscriptLength(path);
      SetSubscript(field, std::string(path.substr(1, length - 2)), element);
      path.remove_prefix(length);
    }
    if (!path.empty()) path.remove_prefix(1);  // the dot
    if (field != nullptr && field->is_map()) field = field->message_type()->map_value();
    type = field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
               ? field->message_type()
               : nullptr;
  }
  return result;
}

}  // namespace dataservice::conformance
