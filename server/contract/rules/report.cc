#include "contract/rules/report.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/utf8.h"

namespace dataservice::rules {
namespace {

using google::protobuf::FieldDescriptor;

constexpr size_t kMaxKeyBytes = 128;

// A key in a path: escaped, and shortened if it is very long.
std::string EscapedKey(std::string_view key) {
  const std::string_view shown =
      IsUtf8(key) ? CutUtf8(key, kMaxKeyBytes) : key.substr(0, kMaxKeyBytes);
  const absl::string_view text(shown.data(), shown.size());
  std::string escaped = IsUtf8(shown) ? absl::Utf8SafeCEscape(text) : absl::CEscape(text);
  if (shown.size() < key.size()) escaped += "...";
  return escaped;
}

std::string KeyText(const Value& key, const FieldDescriptor* map) {
  switch (map->message_type()->map_key()->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return absl::StrCat("\"", EscapedKey(key.text), "\"");
    case FieldDescriptor::CPPTYPE_BOOL:
      return key.i != 0 ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(key.u);
    default:
      return std::to_string(key.i);
  }
}

void AppendPath(const PathStep* step, std::string* path) {
  if (step == nullptr) return;
  AppendPath(step->parent, path);
  if (!path->empty()) path->push_back('.');
  path->append(step->field->name());
  if (step->index >= 0) absl::StrAppend(path, "[", step->index, "]");
  if (step->key != nullptr) absl::StrAppend(path, "[", KeyText(*step->key, step->field), "]");
}

}  // namespace

void Report::Add(const PathStep* step, const Verdict& verdict, std::string_view last) {
  if (full()) return;
  Violation violation;
  violation.field = prefix_;
  AppendPath(step, &violation.field);
  if (!last.empty()) {
    if (!violation.field.empty()) violation.field.push_back('.');
    violation.field.append(last);
  }
  violation.description = verdict.description;
  violation.rule_id = verdict.rule_id;
  violation.rule_path = verdict.rule_path;
  violation.for_key = verdict.for_key;
  violations_->push_back(std::move(violation));
}

void Report::Sort(size_t first) {
  std::stable_sort(violations_->begin() + static_cast<std::ptrdiff_t>(first), violations_->end(),
                   [](const Violation& a, const Violation& b) { return a.field < b.field; });
}

}  // namespace dataservice::rules
