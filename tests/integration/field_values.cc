#include "field_values.h"

#include <limits>

#include "buf/validate/validate.pb.h"
#include "edge_values.h"

namespace dataservice::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename Number>
absl::int128 Low() {
  return std::numeric_limits<Number>::min();
}
template <typename Number>
absl::int128 High() {
  return std::numeric_limits<Number>::max();
}

Message& Place(Message& message, const FieldDescriptor& field) {
  const auto& r = *message.GetReflection();
  return field.is_repeated() ? *r.AddMessage(&message, &field)
                             : *r.MutableMessage(&message, &field);
}

#define SETTER(Type)                                                                  \
  [value](Message& m, const FieldDescriptor& f) {                                     \
    const auto& r = *m.GetReflection();                                               \
    return f.is_repeated() ? r.Add##Type(&m, &f, value) : r.Set##Type(&m, &f, value); \
  }

std::vector<SetValue> Integers(const FieldDescriptor& field, const RuleSeeds& seeds) {
  std::vector<SetValue> out;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      for (const auto n : EdgeIntegers(seeds, Low<int32_t>(), High<int32_t>())) {
        const auto value = static_cast<int32_t>(n);
        out.push_back(SETTER(Int32));
      }
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      for (const auto n : EdgeIntegers(seeds, Low<int64_t>(), High<int64_t>())) {
        const auto value = static_cast<int64_t>(n);
        out.push_back(SETTER(Int64));
      }
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      for (const auto n : EdgeIntegers(seeds, 0, High<uint32_t>())) {
        const auto value = static_cast<uint32_t>(n);
        out.push_back(SETTER(UInt32));
      }
      break;
    default:
      for (const auto n : EdgeIntegers(seeds, 0, High<uint64_t>())) {
        const auto value = static_cast<uint64_t>(n);
        out.push_back(SETTER(UInt64));
      }
  }
  return out;
}

std::vector<SetValue> Enums(const FieldDescriptor& field) {
  std::vector<SetValue> out;
  std::vector<int> numbers = {7};  // unknown
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    numbers.push_back(field.enum_type()->value(i)->number());
  }
  for (const int value : numbers) out.push_back(SETTER(EnumValue));
  return out;
}

// Of google.protobuf.Timestamp and Duration.
std::vector<SetValue> Times(const FieldDescriptor& field, const RuleSeeds& seeds) {
  const bool stamp = field.message_type()->full_name() == "google.protobuf.Timestamp";
  constexpr int64_t kMicros = 1000000;
  const absl::int128 low =
      stamp ? absl::int128(-62135596800) * kMicros : absl::int128(-315576000001) * kMicros + 1;
  const absl::int128 high =
      stamp ? absl::int128(253402300800) * kMicros - 1 : absl::int128(315576000001) * kMicros - 1;
  std::set<absl::int128> all = {low, low + 1, high - 1, high, -1, 0, 1};
  for (const auto seed : seeds.micros) {
    for (const int64_t step : {int64_t{1}, kMicros, 30 * 86400 * kMicros}) {
      all.insert({seed - step, seed, seed + step});
    }
  }
  std::vector<SetValue> out;
  for (const absl::int128 micros : all) {
    if (micros < low || micros > high) continue;
    auto seconds = static_cast<int64_t>(micros / kMicros);
    auto nanos = static_cast<int32_t>(micros % kMicros) * 1000;
    if (stamp && nanos < 0) {
      nanos += 1000000000;
      --seconds;
    }
    out.push_back([seconds, nanos](Message& m, const FieldDescriptor& f) {
      Message& time = Place(m, f);
      const auto& type = *time.GetDescriptor();
      time.GetReflection()->SetInt64(&time, type.field(0), seconds);
      time.GetReflection()->SetInt32(&time, type.field(1), nanos);
    });
  }
  return out;
}

std::vector<SetValue> Messages(const FieldDescriptor& field, const Message& rules) {
  const auto& type = *field.message_type();
  if (type.well_known_type() == google::protobuf::Descriptor::WELLKNOWNTYPE_TIMESTAMP ||
      type.well_known_type() == google::protobuf::Descriptor::WELLKNOWNTYPE_DURATION) {
    return Times(field, SeedsOf(rules));
  }
  std::vector<SetValue> out = {[](Message& m, const FieldDescriptor& f) { Place(m, f); }};
  const FieldDescriptor* inner = type.field(0);
  for (const SetValue& set : EdgesOf(*inner, rules)) {
    out.push_back([set, inner](Message& m, const FieldDescriptor& f) { set(Place(m, f), *inner); });
  }
  return out;
}

using Candidates = std::vector<std::unique_ptr<Message>>;

Message& Add(const Message& base, const FieldDescriptor& field, Candidates& out) {
  out.emplace_back(base.New());
  out.back()->CopyFrom(base);
  out.back()->GetReflection()->ClearField(out.back().get(), &field);
  return *out.back();
}

void AddLists(const Message& base, const FieldDescriptor& field, const Message& rules,
              Candidates& out) {
  const auto values = EdgesOf(field, rules);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i](Add(base, field, out), field);
    Message& pair = Add(base, field, out);
    values[i](pair, field);
    values[(i + 1) % values.size()](pair, field);
    for (int size = 2; i < 8 && size <= 4; ++size) {
      Message& same = Add(base, field, out);
      for (int n = 0; n < size; ++n) values[i](same, field);
    }
  }
}

void AddMaps(const Message& base, const FieldDescriptor& field, const Message& rules,
             Candidates& out) {
  const auto& entry = *field.message_type();
  const auto keys = EdgesOf(*entry.map_key(), rules);
  const auto values = EdgesOf(*entry.map_value(), rules);
  const auto add = [&](size_t key, size_t value, Message& message) {
    Message& pair = Place(message, field);
    keys[key % keys.size()](pair, *entry.map_key());
    values[value % values.size()](pair, *entry.map_value());
  };
  for (size_t i = 0; i < std::max(keys.size(), values.size()); ++i) {
    add(i, i, Add(base, field, out));
    add(i, 0, Add(base, field, out));
    add(0, i, Add(base, field, out));
  }
  for (size_t size = 2; size <= 4; ++size) {
    Message& several = Add(base, field, out);
    for (size_t i = 0; i < size; ++i) add(i, i, several);
  }
}

}  // namespace

std::vector<SetValue> EdgesOf(const FieldDescriptor& field, const Message& rules) {
  const RuleSeeds seeds = SeedsOf(rules);
  std::vector<SetValue> out;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      for (const bool value : {true, false}) out.push_back(SETTER(Bool));
      return out;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Enums(field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      for (const float value : EdgeFloats<float>(seeds)) out.push_back(SETTER(Float));
      return out;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      for (const double value : EdgeFloats<double>(seeds)) out.push_back(SETTER(Double));
      return out;
    case FieldDescriptor::CPPTYPE_STRING:
      for (const std::string& value :
           field.type() == FieldDescriptor::TYPE_BYTES ? EdgeBytes(seeds) : EdgeTexts(seeds)) {
        out.push_back(SETTER(String));
      }
      return out;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Messages(field, rules);
    default:
      return Integers(field, seeds);
  }
}

Candidates WithEdgesOf(const Message& base, const FieldDescriptor& field) {
  const auto& rules = field.options().GetExtension(buf::validate::field);
  Candidates out;
  Add(base, field, out);
  if (field.is_map()) {
    AddMaps(base, field, rules, out);
  } else if (field.is_repeated()) {
    AddLists(base, field, rules, out);
  } else {
    for (const SetValue& set : EdgesOf(field, rules)) set(Add(base, field, out), field);
  }
  return out;
}

}  // namespace dataservice::test
