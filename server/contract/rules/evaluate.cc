#include "contract/rules/evaluate.h"

#include "contract/rules/utf8.h"

namespace dataservice::rules {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

Verdict TextVerdict(const char* rule_id, const char* description, bool for_key) {
  Verdict verdict;
  verdict.rule_id = rule_id;
  verdict.description = description;
  verdict.for_key = for_key;
  return verdict;
}

void CheckText(const ValueProgram& program, std::string_view text, const PathStep& step,
               Report& report) {
  if (text.find('\0') != std::string_view::npos) {
    report.Add(&step,
               TextVerdict("string.nul", "must not contain a NUL character", program.for_key));
  }
  if (program.text_limit == TextLimit::kNoNulAndUtf8 && !IsUtf8(text)) {
    report.Add(&step, TextVerdict("string.utf8", "must be valid UTF-8", program.for_key));
  }
}

void CheckValue(const ValueProgram& program, Value value, const PathStep& step, Report& report) {
  if (program.skip_zero && IsZero(value, program.field)) return;
  if (program.unwrap != nullptr) value = ReadField(*value.message, program.unwrap);
  if (program.text_limit != TextLimit::kNone) CheckText(program, value.text, step, report);
  for (const Check& check : program.checks) {
    if (!check.holds(value)) report.Add(&step, check.broken);
  }
  if (program.nested != nullptr) CheckMessage(*program.nested, *value.message, &step, report);
}

void CheckList(const FieldProgram& program, const Message& message, const Reflection* reflection,
               int size, PathStep step, Report& report) {
  if (program.item.empty()) return;
  for (step.index = 0; step.index < size && !report.full(); ++step.index) {
    CheckValue(program.item, ReadItem(message, reflection, program.field, step.index), step,
               report);
  }
}

// Reads the map as a list of entries, the only form that reflection has for every map.
void CheckMap(const FieldProgram& program, const Message& message, const Reflection* reflection,
              int size, PathStep step, Report& report) {
  if (program.key.empty() && program.item.empty()) return;
  const size_t first = report.size();
  for (int i = 0; i < size && !report.full(); ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, program.field, i);
    const Value key = ReadField(entry, program.key.field);
    step.key = &key;
    if (!program.key.empty()) CheckValue(program.key, key, step, report);
    if (!program.item.empty()) {
      CheckValue(program.item, ReadField(entry, program.item.field), step, report);
    }
  }
  if (report.size() > first) report.Sort(first);
}

void CheckSingular(const FieldProgram& program, const Message& message,
                   const Reflection* reflection, const PathStep& step, Report& report) {
  Value value;
  bool unset = false;
  if (program.has_presence) {
    unset = !reflection->HasField(message, program.field);
  } else {
    value = ReadField(message, reflection, program.field);
    unset = IsUnset(value);
  }
  if (unset && program.required != nullptr) return report.Add(&step, *program.required);
  if ((unset && program.skip_unset) || program.self.empty()) return;
  if (program.has_presence) value = ReadField(message, reflection, program.field);
  CheckValue(program.self, value, step, report);
}

void CheckRepeated(const FieldProgram& program, const Message& message,
                   const Reflection* reflection, const PathStep& step, Report& report) {
  const int size = reflection->FieldSize(message, program.field);
  if (size == 0 && program.required != nullptr) return report.Add(&step, *program.required);
  if (size == 0 && program.skip_unset) return;
  Value list;
  list.u = static_cast<uint64_t>(size);
  list.message = &message;
  for (const Check& check : program.self.checks) {
    if (!check.holds(list)) report.Add(&step, check.broken);
  }
  if (program.field->is_map()) return CheckMap(program, message, reflection, size, step, report);
  CheckList(program, message, reflection, size, step, report);
}

}  // namespace

void CheckField(const FieldProgram& program, const Message& message, const Reflection* reflection,
                const PathStep* parent, Report& report) {
  const PathStep step{parent, program.field};
  return program.repeated ? CheckRepeated(program, message, reflection, step, report)
                          : CheckSingular(program, message, reflection, step, report);
}

void CheckMessage(const MessageProgram& program, const Message& message, const PathStep* parent,
                  Report& report) {
  const Reflection* reflection = message.GetReflection();
  for (const MessageOneof& oneof : program.message_oneofs) {
    int set = 0;
    for (const auto* field : oneof.fields) set += IsSet(message, field);
    if (set > 1) report.Add(parent, oneof.several);
    if (set == 0 && oneof.required) report.Add(parent, oneof.none);
  }
  for (const RequiredOneof& oneof : program.oneofs) {
    if (!reflection->HasOneof(message, oneof.oneof)) {
      report.Add(parent, oneof.broken, oneof.oneof->name());
    }
  }
  for (const FieldProgram& field : program.fields) {
    if (report.full()) return;
    CheckField(field, message, reflection, parent, report);
  }
}

}  // namespace dataservice::rules
