#include "serve/request/part_path.h"

#include <utility>

#include "contract/field_lookup.h"
#include "engine_limits.h"
#include "serve/request/mask_path.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Takes the name before the next dot, and the dot. Nothing if a quote is misplaced.
std::optional<std::string> TakeName(std::string_view& text) {
  std::string name;
  if (!text.starts_with('`')) {
    const size_t end = std::min(text.find('.'), text.size());
    name = text.substr(0, end);
    text.remove_prefix(end);
    if (name.empty() || name.find('`') != std::string::npos) return std::nullopt;
    return name;
  }
  text.remove_prefix(1);
  while (true) {
    const size_t quote = text.find('`');
    if (quote == std::string_view::npos) return std::nullopt;
    name += text.substr(0, quote);
    text.remove_prefix(quote + 1);
    if (!text.starts_with('`')) break;
    name += '`';
    text.remove_prefix(1);
  }
  if (!text.empty() && text.front() != '.') return std::nullopt;
  return name;
}

// What stands at the end of the steps so far.
class Place {
 public:
  explicit Place(const Descriptor& message) : message_(&message) {}

  // Whether it is an object whose parts have names.
  bool IsObject() const { return message_ != nullptr || map_ != nullptr || free_; }

  // Goes to a part of it.
  std::optional<PartStep> Enter(std::string name) {
    if (free_) {
      if (name.find('\0') != std::string::npos) return std::nullopt;
      return PartStep{nullptr, std::move(name)};
    }
    if (map_ != nullptr) {
      if (!IsMapKey(*map_, name)) return std::nullopt;
      Become(*map_->message_type()->map_value());
      return PartStep{nullptr, std::move(name)};
    }
    const FieldDescriptor* field = message_ == nullptr ? nullptr : FindField(*message_, name);
    if (field == nullptr) return std::nullopt;
    Become(*field);
    return PartStep{field, field->json_name()};
  }

 private:
  void Become(const FieldDescriptor& field) {
    message_ = nullptr;
    map_ = field.is_map() ? &field : nullptr;
    if (field.is_repeated() || field.type() != FieldDescriptor::TYPE_MESSAGE) return;
    const Descriptor* type = field.message_type();
    free_ = type->well_known_type() == Descriptor::WELLKNOWNTYPE_STRUCT ||
            type->well_known_type() == Descriptor::WELLKNOWNTYPE_VALUE;
    if (HasNamedFields(field)) message_ = type;
  }

  const Descriptor* message_;
  const FieldDescriptor* map_ = nullptr;
  bool free_ = false;  // a Struct or a Value: any names
};

}  // namespace

std::optional<PartPath> FindPart(const Descriptor& message, std::string_view text) {
  PartPath path;
  Place place(message);
  while (true) {
    auto name = TakeName(text);
    if (!name || path.steps.size() == kMaxMaskDepth) return std::nullopt;
    auto step = place.Enter(*std::move(name));
    if (!step) return std::nullopt;
    path.steps.push_back(*std::move(step));
    if (text.empty()) return path;
    text.remove_prefix(1);
    if (text.empty()) {
      path.object_only = true;
      return place.IsObject() ? std::optional(std::move(path)) : std::nullopt;
    }
  }
}

}  // namespace dataservice
