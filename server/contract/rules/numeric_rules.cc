// const, lt, lte, gt, gte, in, not_in and finite of the twelve numeric types.
#include <cmath>
#include <limits>

#include "contract/rules/range.h"
#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"
#include "contract/rules/set_rules.h"

namespace dataservice::rules {
namespace {

using google::protobuf::FieldDescriptor;

// A float is written as a float: 0.1, not 0.10000000149011612.
template <typename Narrow, typename Widened>
std::string NumberText(const Widened& number) {
  if constexpr (std::is_same_v<Narrow, float>) return Text(static_cast<float>(number));
  return Text(number);
}

template <typename T>
void Compile(RuleReader& reader, const Ordered<T>& type, std::string (*equals)(const T&),
             std::vector<Check>* checks) {
  CompileRange(reader, type, checks);
  if (reader.TakeFlag("finite")) {
    checks->push_back({[read = type.read](const Value& value) {
                         return std::isfinite(static_cast<double>(read(value)));
                       },
                       reader.Say("finite", "must be finite")});
  }
  CompileSets(reader, Members<T>{type.read, type.text, equals}, checks);
  reader.TakeList("example");
}

// Narrow is the type of the field, Widened the type that values are read as.
template <typename Narrow, typename Widened>
void CompileFor(RuleReader& reader, Widened (*read)(const Value&), std::vector<Check>* checks) {
  using Limits = std::numeric_limits<Narrow>;
  Ordered<Widened> type{read, [](const Widened& n) { return NumberText<Narrow>(n); },
                        Limits::lowest(), Limits::max()};
  if constexpr (Limits::has_infinity) {
    type.lowest = -Limits::infinity();
    type.highest = Limits::infinity();
  }
  Compile<Widened>(
      reader, type, [](const Widened& n) { return "must equal " + NumberText<Narrow>(n); }, checks);
}

int64_t ReadSigned(const Value& value) { return value.i; }
uint64_t ReadUnsigned(const Value& value) { return value.u; }
double ReadFloating(const Value& value) { return value.d; }

}  // namespace

void CompileNumericRules(RuleReader& reader, std::vector<Check>* checks) {
  // Every numeric rules message has const, of the type that the field has.
  switch (reader.rules().GetDescriptor()->FindFieldByName("const")->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return CompileFor<int32_t>(reader, ReadSigned, checks);
    case FieldDescriptor::CPPTYPE_INT64:
      return CompileFor<int64_t>(reader, ReadSigned, checks);
    case FieldDescriptor::CPPTYPE_UINT32:
      return CompileFor<uint32_t>(reader, ReadUnsigned, checks);
    case FieldDescriptor::CPPTYPE_UINT64:
      return CompileFor<uint64_t>(reader, ReadUnsigned, checks);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return CompileFor<float>(reader, ReadFloating, checks);
    default:
      return CompileFor<double>(reader, ReadFloating, checks);
  }
}

}  // namespace dataservice::rules
