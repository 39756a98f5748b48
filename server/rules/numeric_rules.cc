// const, lt, lte, gt, gte, in, not_in and finite of the twelve numeric types.
#include <algorithm>
#include <cmath>
#include <limits>

#include "rules/range.h"
#include "rules/rule_families.h"
#include "rules/rule_text.h"

namespace dataservice::rules {
namespace {

using google::protobuf::FieldDescriptor;

template <typename T>
std::vector<T> ReadAll(const std::vector<Value>& values, const Ordered<T>& type) {
  std::vector<T> numbers;
  for (const Value& value : values) numbers.push_back(type.read(value));
  return numbers;
}

template <typename T>
std::string TextOfAll(const std::vector<T>& numbers, const Ordered<T>& type) {
  std::vector<std::string> items;
  for (const T& number : numbers) items.push_back(type.text(number));
  return ListText(items);
}

template <typename T>
void Compile(RuleReader& reader, const Ordered<T>& type, std::vector<Check>* checks) {
  CompileRange(reader, type, checks);
  const std::vector<Value> not_in = reader.TakeList("not_in");
  if (!not_in.empty()) {
    const std::vector<T> refused = ReadAll(not_in, type);
    checks->push_back({[read = type.read, refused](const Value& value) {
                         return std::find(refused.begin(), refused.end(), read(value)) ==
                                refused.end();
                       },
                       reader.Say("not_in", "must not be in list " + TextOfAll(refused, type))});
  }
  if (reader.TakeFlag("finite")) {
    checks->push_back({[read = type.read](const Value& value) {
                         return std::isfinite(static_cast<double>(read(value)));
                       },
                       reader.Say("finite", "must be finite")});
  }
  const std::vector<Value> in = reader.TakeList("in");
  if (!in.empty()) {
    reader.RequireOneOf("in", in, *checks);
    const std::vector<T> allowed = ReadAll(in, type);
    checks->push_back({[read = type.read, allowed](const Value& value) {
                         return std::find(allowed.begin(), allowed.end(), read(value)) !=
                                allowed.end();
                       },
                       reader.Say("in", "must be in list " + TextOfAll(allowed, type))});
  }
  if (const auto value = reader.Take("const")) {
    const T only = type.read(*value);
    reader.RequireOneOf("const", {*value}, *checks);
    if (only != only) reader.RefuseUnsatisfiable("const", "nothing equals NaN");
    checks->push_back({[read = type.read, only](const Value& value) { return read(value) == only; },
                       reader.Say("const", "must equal " + type.text(only))});
  }
  reader.TakeList("example");
}

template <typename Widened, typename Narrow>
Ordered<Widened> Type(Widened (*read)(const Value&)) {
  return {read,
          [](const Widened& number) {
            if constexpr (std::is_same_v<Narrow, float>) return Text(static_cast<float>(number));
            return Text(number);
          },
          std::is_floating_point_v<Narrow> ? -std::numeric_limits<Narrow>::infinity()
                                           : std::numeric_limits<Narrow>::lowest(),
          std::is_floating_point_v<Narrow> ? std::numeric_limits<Narrow>::infinity()
                                           : std::numeric_limits<Narrow>::max()};
}

}  // namespace

void CompileNumericRules(RuleReader& reader, std::vector<Check>* checks) {
  static constexpr auto kSigned = [](const Value& value) { return value.i; };
  static constexpr auto kUnsigned = [](const Value& value) { return value.u; };
  static constexpr auto kFloating = [](const Value& value) { return value.d; };
  // Every numeric rules message has const, of the type that the field has.
  switch (reader.rules().GetDescriptor()->FindFieldByName("const")->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Compile(reader, Type<int64_t, int32_t>(kSigned), checks);
    case FieldDescriptor::CPPTYPE_INT64:
      return Compile(reader, Type<int64_t, int64_t>(kSigned), checks);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Compile(reader, Type<uint64_t, uint32_t>(kUnsigned), checks);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Compile(reader, Type<uint64_t, uint64_t>(kUnsigned), checks);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Compile(reader, Type<double, float>(kFloating), checks);
    default:
      return Compile(reader, Type<double, double>(kFloating), checks);
  }
}

}  // namespace dataservice::rules
