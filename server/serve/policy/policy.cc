#include "serve/policy/policy.h"

#include <algorithm>
#include <utility>

#include "serve/errors/errors.h"
#include "view.h"

namespace dataservice {
namespace {

bool IsFor(const Rule& rule, const Caller& caller) {
  return std::any_of(rule.who.begin(), rule.who.end(),
                     [&](const CallerPattern& pattern) { return pattern.Matches(caller); });
}

// The fields that are in that set of each rule.
FieldSet Common(const std::vector<const Rule*>& rules, FieldSet Rule::*fields) {
  FieldSet common = rules.front()->*fields;
  for (const Rule* rule : rules) {
    absl::erase_if(common, [&](const auto* field) { return !(rule->*fields).contains(field); });
  }
  return common;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Parse(std::string_view text,
                                                            std::string_view file,
                                                            const Contract& contract) {
  auto rules = ReadRules(text, file, contract);
  if (!rules.ok()) return rules.status();
  return std::shared_ptr<const Policy>(new Policy(*std::move(rules), contract));
}

Policy::Policy(std::vector<Rule> rules, const Contract& contract) : rules_(std::move(rules)) {
  for (const Rule& rule : rules_) {
    for (const std::string& path : rule.paths) by_path_[path].push_back(&rule);
  }
  for (const auto& method : contract.methods()) {
    responses_.push_back(method->descriptor->output_type());
  }
  for (const Rule& rule : rules_) alone_.emplace(&rule, Combine({&rule}));
}

absl::StatusOr<AccessPtr> Policy::Decide(const Caller& caller, std::string_view path) const {
  const Rules rules = RulesFor(caller, path);
  if (!rules.empty()) return AccessOf(rules);
  const std::string_view method = path.substr(std::min<size_t>(1, path.size()));
  return caller.kind == CallerKind::kAnonymous ? CallNeedsIdentity(method) : CallDenied(method);
}

bool Policy::SeesAllRows(const Caller& caller, const Method& method) const {
  const Rules rules = RulesFor(caller, method.path);
  return std::any_of(rules.begin(), rules.end(), [](const Rule* rule) { return rule->all_rows; });
}

Policy::Rules Policy::RulesFor(const Caller& caller, std::string_view path) const {
  Rules found;
  const auto candidates = by_path_.find(View(path));
  if (candidates == by_path_.end()) return found;
  for (const Rule* rule : candidates->second) {
    if (IsFor(*rule, caller)) found.push_back(rule);
  }
  return found;
}

AccessPtr Policy::AccessOf(const Rules& rules) const {
  if (rules.size() == 1) return alone_.find(rules.front())->second;
  absl::MutexLock lock(&mutex_);
  AccessPtr& access = access_[rules];
  if (access == nullptr) access = Combine(rules);
  return access;
}

AccessPtr Policy::Combine(const Rules& rules) const {
  const bool all_rows =
      std::any_of(rules.begin(), rules.end(), [](const Rule* rule) { return rule->all_rows; });
  return std::make_shared<Access>(all_rows, Common(rules, &Rule::hidden),
                                  Common(rules, &Rule::read_only), responses_);
}

}  // namespace dataservice
