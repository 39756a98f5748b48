// Rules of google.protobuf.Any and FieldMask.
#include <algorithm>

#include "rules/rule_families.h"
#include "rules/rule_text.h"

namespace dataservice::rules {
namespace {

using google::protobuf::Message;

std::vector<std::string> ReadAll(const std::vector<Value>& values) {
  std::vector<std::string> texts;
  for (const Value& value : values) texts.emplace_back(value.text);
  return texts;
}

// type_url is the first field of an Any, paths the only one of a FieldMask.
std::string_view TypeUrl(const Value& any) {
  return ReadField(*any.message, any.message->GetDescriptor()->field(0)).text;
}

std::vector<std::string> Paths(const Message& mask) {
  const auto* paths = mask.GetDescriptor()->field(0);
  std::vector<std::string> result;
  const int size = mask.GetReflection()->FieldSize(mask, paths);
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

// Whether a path of the mask is covered, or is not, as `covered` says.
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
  const std::vector<std::string> refused = ReadAll(reader.TakeList("not_in"));
  const std::vector<std::string> allowed = ReadAll(reader.TakeList("in"));
  const auto contains = [](const std::vector<std::string>& urls, const Value& any) {
    return std::find(urls.begin(), urls.end(), TypeUrl(any)) != urls.end();
  };
  if (!refused.empty()) {
    checks->push_back({[refused, contains](const Value& v) { return !contains(refused, v); },
                       reader.Say("not_in", "type URL must not be in the block list")});
  }
  if (!allowed.empty()) {
    if (std::all_of(allowed.begin(), allowed.end(), [&](const std::string& url) {
          return std::find(refused.begin(), refused.end(), url) != refused.end();
        })) {
      reader.RefuseUnsatisfiable("in", "every type that it allows is in not_in");
    }
    checks->push_back({[allowed, contains](const Value& v) { return contains(allowed, v); },
                       reader.Say("in", "type URL must be in the allow list")});
  }
}

void CompileFieldMaskRules(RuleReader& reader, std::vector<Check>* checks) {
  if (const auto refused = ReadAll(reader.TakeList("not_in")); !refused.empty()) {
    checks->push_back(
        {[refused](const Value& v) { return !AnyPath(*v.message, refused, /*covered=*/true); },
         reader.Say("not_in", "must not contain any paths in " + ListText(refused))});
  }
  if (const auto allowed = ReadAll(reader.TakeList("in")); !allowed.empty()) {
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
