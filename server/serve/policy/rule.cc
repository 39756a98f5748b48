#include "serve/policy/rule.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "serve/policy/field_rules.h"
#include "serve/policy/method_set.h"
#include "serve/policy/yaml_reader.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;

// Objects within objects of the claims that a rule requires.
constexpr int kMaxClaimDepth = 8;

class RuleReader {
 public:
  RuleReader(std::string_view file, const Contract& contract) : yaml_(file), contract_(contract) {}

  absl::StatusOr<std::vector<Rule>> Read(std::string_view text) {
    if (const auto document = yaml_.Parse(text)) {
      yaml_.ReadMapping(*document, "the policy",
                        {{"rules", [&](const YAML::Node& rules) { ReadRules(rules); }, true}});
    }
    if (!yaml_.ok()) return yaml_.ToStatus();
    return std::move(rules_);
  }

 private:
  void ReadRules(const YAML::Node& node) {
    yaml_.ReadSequence(
        node, "rules", [&](const YAML::Node& rule) { ReadRule(rule); }, /*may_be_empty=*/true);
  }

  void ReadRule(const YAML::Node& node) {
    Rule rule{.line = node.Mark().line + 1};
    yaml_.ReadMapping(node, "a rule",
                      {{"name", [&](const YAML::Node& name) { ReadName(name, rule); }, true},
                       {"who", [&](const YAML::Node& who) { ReadWho(who, rule); }, true},
                       {"call", [&](const YAML::Node& call) { ReadCall(call, rule); }, true},
                       {"withhold",
                        [&](const YAML::Node& fields) {
                          ReadFields(fields, "withhold", CanBeWithheld, rule.hidden);
                        }},
                       {"read_only",
                        [&](const YAML::Node& fields) {
                          ReadFields(fields, "read_only", CanBeReadOnly, rule.read_only);
                        }},
                       {"all_rows", [&](const YAML::Node& all) {
                          rule.all_rows = yaml_.ReadTrue(all, "all_rows");
                        }}});
    if (rule.all_rows) CheckOwners(node, rule);
    AddDerivedFields(contract_, rule.hidden);
    rules_.push_back(std::move(rule));
  }

  // Lists of all owners compare the owners of their rows from page to page.
  void CheckOwners(const YAML::Node& node, const Rule& rule) {
    for (const auto& resource : contract_.resources()) {
      if (!resource->is_private() || !rule.hidden.contains(resource->owner_column().field))
        continue;
      yaml_.Report(node.Mark(), absl::StrCat("a rule with all_rows cannot withhold ",
                                             resource->owner_column().field->full_name(),
                                             ", the owner of the rows"));
    }
  }

  void ReadName(const YAML::Node& node, Rule& rule) {
    const auto name = yaml_.ReadText(node, "name");
    if (!name) return;
    const bool known = std::any_of(rules_.begin(), rules_.end(),
                                   [&](const Rule& other) { return other.name == name->text; });
    if (known)
      yaml_.Report(name->mark, absl::StrCat("two rules have the name \"", name->text, "\""));
    rule.name = name->text;
  }

  void ReadWho(const YAML::Node& node, Rule& rule) {
    yaml_.ReadSequence(
        node, "who", [&](const YAML::Node& pattern) { rule.who.push_back(ReadPattern(pattern)); });
  }

  CallerPattern ReadPattern(const YAML::Node& node) {
    CallerPattern pattern;
    yaml_.ReadMapping(
        node, "an entry of \"who\"",
        {{"anonymous",
          [&](const YAML::Node& n) { pattern.anonymous = yaml_.ReadTrue(n, "anonymous"); }},
         {"authenticated",
          [&](const YAML::Node& n) { pattern.authenticated = yaml_.ReadTrue(n, "authenticated"); }},
         {"kind", [&](const YAML::Node& n) { ReadKind(n, pattern); }},
         {"subject", [&](const YAML::Node& n) { ReadSubjects(n, pattern); }},
         {"issuer", [&](const YAML::Node& n) { ReadList(n, "issuer", pattern.issuers); }},
         {"scopes", [&](const YAML::Node& n) { ReadList(n, "scopes", pattern.scopes); }},
         {"claims", [&](const YAML::Node& n) { ReadClaims(n, 1, pattern.claims); }}});
    if (node.IsMap() && node.size() == 0) {
      yaml_.Report(node.Mark(),
                   "an entry of \"who\" must not be empty; for every caller write "
                   "anonymous: true and, as another entry, authenticated: true");
    }
    if (pattern.anonymous && node.size() > 1) {
      yaml_.Report(node.Mark(),
                   "\"anonymous\" stands alone: nothing else is known of such callers");
    }
    return pattern;
  }

  void ReadKind(const YAML::Node& node, CallerPattern& pattern) {
    const auto kind = yaml_.ReadText(node, "kind");
    if (!kind) return;
    if (kind->text == "certificate") {
      pattern.kind = CallerKind::kCertificate;
    } else if (kind->text == "token") {
      pattern.kind = CallerKind::kToken;
    } else {
      yaml_.Report(kind->mark, "\"kind\" must be certificate or token");
    }
  }

  void ReadSubjects(const YAML::Node& node, CallerPattern& pattern) {
    for (YamlText& subject : yaml_.ReadTexts(node, "subject")) {
      const size_t star = subject.text.find('*');
      if (star != std::string::npos && star + 1 != subject.text.size()) {
        yaml_.Report(subject.mark, "in a subject, * can only be the last character");
      }
      pattern.subjects.push_back(std::move(subject.text));
    }
  }

  void ReadList(const YAML::Node& node, std::string_view what, std::vector<std::string>& list) {
    for (YamlText& text : yaml_.ReadTexts(node, what)) list.push_back(std::move(text.text));
  }

  void ReadClaims(const YAML::Node& node, int depth, Struct& claims) {
    if (!node.IsMap() || node.size() == 0 || depth > kMaxClaimDepth) {
      yaml_.Report(node.Mark(), "claims must be a mapping of names to values, at most 8 deep");
      return;
    }
    for (const auto& entry : node) {
      const auto name = yaml_.ReadText(entry.first, "the name of a claim");
      if (!name) continue;
      if (claims.fields().contains(name->text)) {
        yaml_.Report(name->mark, absl::StrCat("the claim \"", name->text, "\" is given twice"));
      }
      ReadClaim(entry.second, depth, (*claims.mutable_fields())[name->text]);
    }
  }

  void ReadClaim(const YAML::Node& node, int depth, Value& value) {
    if (node.IsMap()) {
      ReadClaims(node, depth + 1, *value.mutable_struct_value());
    } else if (node.IsSequence()) {
      yaml_.ReadSequence(node, "a claim", [&](const YAML::Node& element) {
        ReadScalar(element, *value.mutable_list_value()->add_values());
      });
    } else {
      ReadScalar(node, value);
    }
  }

  void ReadScalar(const YAML::Node& node, Value& value) {
    switch (node.IsScalar() ? TypeOf(node) : YamlType::kUnknown) {
      case YamlType::kBool:
        value.set_bool_value(node.as<bool>());
        return;
      case YamlType::kNumber:
        value.set_number_value(node.as<double>());
        return;
      case YamlType::kText:
        value.set_string_value(node.Scalar());
        return;
      case YamlType::kNull:
      case YamlType::kUnknown:
        yaml_.Report(node.Mark(), "the value of a claim must be a text, a number, true or false");
    }
  }

  void ReadCall(const YAML::Node& node, Rule& rule) {
    std::set<std::string> paths;
    for (const YamlText& name : yaml_.ReadTexts(node, "call")) {
      const auto methods = MethodsOf(name.text, contract_);
      if (methods.ok()) {
        paths.insert(methods->begin(), methods->end());
      } else {
        yaml_.Report(name.mark, std::string(methods.status().message()));
      }
    }
    rule.paths.assign(paths.begin(), paths.end());
  }

  void ReadFields(const YAML::Node& node, std::string_view what,
                  absl::Status (*check)(const FieldDescriptor&, const Contract&),
                  FieldSet& fields) {
    for (const YamlText& name : yaml_.ReadTexts(node, what)) {
      const auto field = FindResourceField(name.text, contract_);
      const absl::Status status = field.ok() ? check(**field, contract_) : field.status();
      if (!status.ok()) {
        yaml_.Report(name.mark, std::string(status.message()));
      } else if (!fields.insert(*field).second) {
        yaml_.Report(name.mark, absl::StrCat("the field \"", name.text, "\" is named twice"));
      }
    }
  }

  YamlReader yaml_;
  const Contract& contract_;
  std::vector<Rule> rules_;
};

}  // namespace

absl::StatusOr<std::vector<Rule>> ReadRules(std::string_view text, std::string_view file,
                                            const Contract& contract) {
  return RuleReader(file, contract).Read(text);
}

}  // namespace dataservice
