#include "serve/identity/strict_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dataservice {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr size_t kMaxDepth = 16;

// Builds a Value of the parser's events. A function that returns false ends the parse.
class ValueBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override {
    Place()->set_null_value(google::protobuf::NULL_VALUE);
    return true;
  }
  bool boolean(bool value) override {
    Place()->set_bool_value(value);
    return true;
  }
  bool number_integer(number_integer_t value) override {
    return Number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return Number(value); }
  bool string(string_t& value) override {
    if (value.find('\0') != string_t::npos) return false;
    Place()->set_string_value(value);
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    Value* value = Place();
    value->mutable_struct_value();
    return Enter(value);
  }
  bool key(string_t& name) override {
    auto& fields = *open_.back()->mutable_struct_value()->mutable_fields();
    if (name.find('\0') != string_t::npos || fields.contains(name)) return false;
    member_ = &fields[name];
    return true;
  }
  bool end_object() override { return Leave(); }
  bool start_array(std::size_t) override {
    Value* value = Place();
    value->mutable_list_value();
    return Enter(value);
  }
  bool end_array() override { return Leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  Value& root() { return root_; }

 private:
  bool Number(double value) {
    Place()->set_number_value(value);
    return true;
  }
  // Where the next value belongs.
  Value* Place() {
    if (open_.empty()) return &root_;
    Value* last = open_.back();
    return last->has_list_value() ? last->mutable_list_value()->add_values() : member_;
  }
  bool Enter(Value* value) {
    open_.push_back(value);
    return open_.size() <= kMaxDepth;
  }
  bool Leave() {
    open_.pop_back();
    return true;
  }

  Value root_;
  std::vector<Value*> open_;
  Value* member_ = nullptr;
};

}  // namespace

absl::StatusOr<Struct> ParseJsonObject(std::string_view text) {
  ValueBuilder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder) ||
      !builder.root().has_struct_value()) {
    return absl::InvalidArgumentError("it is not a JSON object with distinct members");
  }
  return std::move(*builder.root().mutable_struct_value());
}

std::string TextMember(const Struct& object, const char* name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? std::string() : found->second.string_value();
}

bool HasMember(const Struct& object, const char* name) { return object.fields().contains(name); }

}  // namespace dataservice
