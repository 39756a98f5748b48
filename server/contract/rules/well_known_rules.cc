// Rules of google.protobuf.Any and FieldMask.
#include <algorithm>

#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"
#include "contract/rules/set_rules.h"

namespace dataservice::rules {
namespace {

using google::protobuf::Message;

std::string_view ReadText(const Value& value) { return value.text; }

std::vector<std::string> TakeTexts(RuleReader& reader, const char* rule) {
  return ReadAll<std::string>(reader.TakeList(rule), ReadText);
}

// type_url is the first field of an Any, paths the only one of a FieldMask.
std::string_view TypeUrl(const Value& any) {
  return ReadField(*any.message, any.message->GetDescriptor()->field(0)).text;
}

std::vector<std::string> Paths(const Message& mask) {
  const auto* paths = mask.GetDescriptor()->field(0);
  std::vector<std::string> result;
  const int size = mask.GetReflection()->FieldSize(mask, paths);
  result.reserve(size);
  for (int i = 0; i < size; ++i) result.emplace_back(ReadItem(mask, paths, i).text);
  return result;
}

// Whether one of `roots` is `path` or contains it.
bool Covers(const std::vector<std::string>& roots, std::string_view path) {
  return std::any_of(roots.begin(), roots.end(), [path](const std::string& root) {
    return path.substr(0, root.size()) == root &&
           (path.size() == root.size() || path[root.size()] == '.');
  });
}

// Whether some path of the mask is covered (if `covered`), or is not.
bool AnyPath(const Message& mask, const std::vector<std::string>& roots, bool covered) {
  const auto* paths = mask.GetDescriptor()->field(0);
  const int size = mask.GetReflection()->FieldSize(mask, paths);
  for (int i = 0; i < size; ++i) {
    if (Covers(roots, ReadItem(mask, paths, i).text) == covered) return true;
  }
  return false;
}

}  // namespace

void CompileAnyRules(RuleReader& reader, std::vector<Check>* checks) {
  const std::vector<std::string> refused = TakeTexts(reader, "not_in");
  const std::vector<std::string> allowed = TakeTexts(reader, "in");
  if (!refused.empty()) {
    checks->push_back({[refused](const Value& v) { return !Contains(refused, TypeUrl(v)); },
                       reader.Say("not_in", "type URL must not be in the block list")});
  }
  if (!allowed.empty()) {
    if (std::all_of(allowed.begin(), allowed.end(),
                    [&](const std::string& url) { return Contains(refused, url); })) {
      reader.RefuseUnsatisfiable("in", "every type that it allows is in not_in");
    }
    checks->push_back({[allowed](const Value& v) { return Contains(allowed, TypeUrl(v)); },
                       reader.Say("in", "type URL must be in the allow list")});
  }
}

void CompileFieldMaskRules(RuleReader& reader, std::vector<Check>* checks) {
  if (const auto refused = TakeTexts(reader, "not_in"); !refused.empty()) {
    checks->push_back(
        {[refused](const Value& v) { return !AnyPath(*v.message, refused, /*covered=*/true); },
         reader.Say("not_in", "must not contain any paths in " + ListText(refused))});
  }
  if (const auto allowed = TakeTexts(reader, "in"); !allowed.empty()) {
    checks->push_back(
        {[allowed](const Value& v) { return !AnyPath(*v.message, allowed, /*covered=*/false); },
         reader.Say("in", "must only contain paths in " + ListText(allowed))});
  }
  if (const auto value = reader.Take("const")) {
    reader.RequireOneOf("const", {*value}, *checks);
    const std::vector<std::string> only = Paths(*value->message);
    checks->push_back({[only](const Value& v) { return Paths(*v.message) == only; },
                       reader.Say("const", "must equal paths " + ListText(only))});
  }
  reader.TakeList("example");
}

}  // namespace dataservice::rules
