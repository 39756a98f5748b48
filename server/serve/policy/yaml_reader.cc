#include "serve/policy/yaml_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/utf8.h"
#include "view.h"

namespace dataservice {
namespace {

bool IsOneOf(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsNumber(const std::string& text) {
  double number = 0;
  const bool begins = absl::ascii_isdigit(static_cast<unsigned char>(text.front())) ||
                      IsOneOf(text.substr(0, 1), {"-", "+", "."});
  return begins && absl::SimpleAtod(text, &number);
}

std::string KeyNames(const std::vector<YamlReader::Key>& keys) {
  return absl::StrJoin(keys, ", ", [](std::string* out, const YamlReader::Key& key) {
    absl::StrAppend(out, View(key.name));
  });
}

}  // namespace

YamlType TypeOf(const YAML::Node& scalar) {
  if (scalar.IsNull()) return YamlType::kNull;
  const std::string& tag = scalar.Tag();
  // What yaml-cpp calls a quoted scalar.
  if (tag == "!" || tag == "tag:yaml.org,2002:str") return YamlType::kText;
  if (tag != "?") return YamlType::kUnknown;
  const std::string& text = scalar.Scalar();
  if (IsOneOf(text, {"", "~", "null", "Null", "NULL"})) return YamlType::kNull;
  if (IsOneOf(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) return YamlType::kBool;
  return IsNumber(text) ? YamlType::kNumber : YamlType::kText;
}

std::optional<YAML::Node> YamlReader::Parse(std::string_view text) {
  if (!rules::IsUtf8(text)) {
    Report(YAML::Mark(), "the file is not UTF-8");
    return std::nullopt;
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() == 1) return documents.front();
    Report(YAML::Mark(), documents.empty() ? "the file is empty"
                                           : "the file has several documents; one is allowed");
  } catch (const YAML::Exception& error) {
    Report(error.mark, error.msg);
  }
  return std::nullopt;
}

void YamlReader::ReadMapping(const YAML::Node& node, std::string_view what,
                             const std::vector<Key>& keys) {
  if (!node.IsMap()) {
    Report(node.Mark(),
           absl::StrCat(View(what), " must be a mapping with the keys ", KeyNames(keys)));
    return;
  }
  std::vector<std::string_view> given;
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& candidate) { return candidate.name == name; });
    if (key == keys.end()) {
      Report(entry.first.Mark(), absl::StrCat("unknown key \"", name, "\" in ", View(what),
                                              "; the keys are ", KeyNames(keys)));
    } else if (std::find(given.begin(), given.end(), key->name) != given.end()) {
      Report(entry.first.Mark(), absl::StrCat("the key \"", name, "\" is given twice"));
    } else {
      given.push_back(key->name);
      key->read(entry.second);
    }
  }
  for (const Key& key : keys) {
    if (!key.required || std::find(given.begin(), given.end(), key.name) != given.end()) continue;
    Report(node.Mark(), absl::StrCat(View(what), " has no \"", View(key.name), "\""));
  }
}

void YamlReader::ReadSequence(const YAML::Node& node, std::string_view what,
                              const std::function<void(const YAML::Node&)>& read,
                              bool may_be_empty) {
  if (!node.IsSequence()) {
    Report(node.Mark(), absl::StrCat("\"", View(what), "\" must be a sequence"));
    return;
  }
  if (node.size() == 0 && !may_be_empty) {
    Report(node.Mark(), absl::StrCat("\"", View(what), "\" must not be empty"));
  }
  for (const YAML::Node& element : node) read(element);
}

std::optional<YamlText> YamlReader::ReadText(const YAML::Node& node, std::string_view what) {
  const bool scalar = node.IsScalar() || node.IsNull();
  const YamlType type = scalar ? TypeOf(node) : YamlType::kUnknown;
  if (type == YamlType::kText && !node.Scalar().empty()) {
    return YamlText{node.Scalar(), node.Mark()};
  }
  const bool unquoted = type == YamlType::kBool || type == YamlType::kNumber;
  Report(node.Mark(), absl::StrCat("\"", View(what), "\" must be a text that is not empty",
                                   unquoted ? "; put it in quotes" : ""));
  return std::nullopt;
}

std::vector<YamlText> YamlReader::ReadTexts(const YAML::Node& node, std::string_view what) {
  std::vector<YamlText> texts;
  const auto add = [&](const YAML::Node& element) {
    if (auto text = ReadText(element, what)) texts.push_back(*std::move(text));
  };
  if (node.IsSequence()) {
    ReadSequence(node, what, add);
  } else {
    add(node);
  }
  return texts;
}

bool YamlReader::ReadTrue(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar() && TypeOf(node) == YamlType::kBool &&
      absl::AsciiStrToLower(node.Scalar()) == "true") {
    return true;
  }
  Report(node.Mark(), absl::StrCat("\"", View(what), "\" must be true; leave it out otherwise"));
  return false;
}

void YamlReader::Report(const YAML::Mark& mark, std::string_view problem) {
  problems_.push_back(absl::StrCat(file_, ":", std::max(mark.line, 0) + 1, ":",
                                   std::max(mark.column, 0) + 1, ": ", View(problem)));
}

absl::Status YamlReader::ToStatus() const {
  return ok() ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrJoin(problems_, "\n"));
}

}  // namespace dataservice
