#include "schema/breaking/types.h"

#include <limits>
#include <optional>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/v1/storage.pb.h"

namespace dataservice::breaking {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

namespace {

void AddEnum(const google::protobuf::EnumDescriptor& type, ContractTypes& types) {
  types.enums.emplace(type.full_name(), &type);
}

void AddMessage(const Descriptor& message, ContractTypes& types) {
  if (message.options().map_entry()) return;
  types.messages.emplace(message.full_name(), &message);
  for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i), types);
  for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i), types);
}

void AddFile(const FileDescriptor& file, std::set<const FileDescriptor*>& seen,
             ContractTypes& types) {
  if (!IsOwnFile(file) || !seen.insert(&file).second) return;
  types.packages.insert(file.package());
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), types);
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), types);
  for (int i = 0; i < file.service_count(); ++i) {
    types.services.emplace(file.service(i)->full_name(), file.service(i));
  }
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), seen, types);
}

// Adds `message` and all messages inside it to `reached`.
void Reach(const Descriptor& message, std::set<const Descriptor*>& reached) {
  if (absl::StartsWith(message.full_name(), "google.") || !reached.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.message_type() != nullptr) Reach(*field.message_type(), reached);
  }
}

struct Range {
  absl::int128 low;
  absl::int128 high;
};

template <typename Integer>
Range RangeOf() {
  return {std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max()};
}

// The range of a field that is stored as an integer.
std::optional<Range> IntegerRange(const FieldDescriptor& field, bool enums_are_names) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return RangeOf<int32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return RangeOf<int64_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return RangeOf<uint32_t>();
    case FieldDescriptor::CPPTYPE_UINT64:
      return RangeOf<uint64_t>();
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!enums_are_names) return RangeOf<int32_t>();
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

bool Within(const Range& inner, const Range& outer) {
  return inner.low >= outer.low && inner.high <= outer.high;
}

// The greatest number of bits of which a floating-point type can represent every integer.
TypeDifference IntegerToFloat(const Range& range, int bits) {
  const absl::int128 limit = absl::int128(1) << bits;
  return Within(range, {-limit, limit}) ? TypeDifference::kWider : TypeDifference::kNarrower;
}

}  // namespace

bool IsOwnFile(const FileDescriptor& file) {
  for (const char* folder : {"google/", "buf/", "storage/"}) {
    if (absl::StartsWith(file.name(), folder)) return false;
  }
  return true;
}

ContractTypes TypesOf(const std::vector<const FileDescriptor*>& files) {
  ContractTypes types;
  std::set<const FileDescriptor*> seen;
  for (const FileDescriptor* file : files) AddFile(*file, seen, types);
  return types;
}

std::set<const Descriptor*> StoredMessages(const ContractTypes& types) {
  std::set<const Descriptor*> stored;
  for (const auto& [name, message] : types.messages) {
    if (message->options().HasExtension(storage::v1::table)) Reach(*message, stored);
  }
  return stored;
}

std::set<const Descriptor*> AnswerMessages(const ContractTypes& types) {
  std::set<const Descriptor*> requests;
  std::set<const Descriptor*> answers;
  for (const auto& [name, service] : types.services) {
    for (int i = 0; i < service->method_count(); ++i) {
      Reach(*service->method(i)->input_type(), requests);
      Reach(*service->method(i)->output_type(), answers);
    }
  }
  for (const Descriptor* message : requests) answers.erase(message);
  return answers;
}

std::string TypeText(const FieldDescriptor& field) {
  if (field.is_map()) {
    return absl::StrCat("map<", TypeText(*field.message_type()->map_key()), ", ",
                        TypeText(*field.message_type()->map_value()), ">");
  }
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

std::string LabelText(const FieldDescriptor& field) {
  if (field.is_map()) return "map";
  if (field.is_repeated()) return "repeated";
  return field.is_required() ? "required" : "singular";
}

TypeDifference CompareScalars(const FieldDescriptor& before, const FieldDescriptor& after,
                              bool enums_are_names) {
  if (before.message_type() != nullptr || after.message_type() != nullptr) {
    return TypeDifference::kOther;
  }
  const bool to_enum = after.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  if (before.cpp_type() == FieldDescriptor::CPPTYPE_ENUM && to_enum) return TypeDifference::kNone;
  const auto from = IntegerRange(before, enums_are_names);
  const auto to = IntegerRange(after, enums_are_names);
  if (from && to) {
    // An enum has only few numbers.
    if (to_enum) return TypeDifference::kNarrower;
    if (before.cpp_type() == after.cpp_type()) return TypeDifference::kNone;
    return Within(*from, *to) ? TypeDifference::kWider : TypeDifference::kNarrower;
  }
  const auto is = [](const FieldDescriptor& field, FieldDescriptor::CppType type) {
    return field.cpp_type() == type;
  };
  if (from && is(after, FieldDescriptor::CPPTYPE_DOUBLE)) {
    return IntegerToFloat(*from, std::numeric_limits<double>::digits);
  }
  if (from && is(after, FieldDescriptor::CPPTYPE_FLOAT)) {
    return IntegerToFloat(*from, std::numeric_limits<float>::digits);
  }
  if (is(before, FieldDescriptor::CPPTYPE_FLOAT) && is(after, FieldDescriptor::CPPTYPE_DOUBLE)) {
    return TypeDifference::kWider;
  }
  if (is(before, FieldDescriptor::CPPTYPE_DOUBLE) && is(after, FieldDescriptor::CPPTYPE_FLOAT)) {
    return TypeDifference::kNarrower;
  }
  // Strings and bytes share a C++ type.
  const bool same =
      before.cpp_type() == after.cpp_type() && (before.type() == FieldDescriptor::TYPE_BYTES) ==
                                                   (after.type() == FieldDescriptor::TYPE_BYTES);
  return same ? TypeDifference::kNone : TypeDifference::kOther;
}

}  // namespace dataservice::breaking
