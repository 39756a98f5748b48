#include "schema/breaking/rule_family.h"

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "schema/breaking/rule_values.h"

namespace dataservice::breaking {
namespace {

using buf::validate::FieldRules;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A format of which every text is also valid in the other format.
struct Implication {
  const char* from;
  const char* to;
};
constexpr std::array<Implication, 12> kImplications = {{
    {"ipv4", "ip"},
    {"ipv6", "ip"},
    {"ipv4", "address"},
    {"ipv6", "address"},
    {"ip", "address"},
    {"hostname", "address"},
    {"uri", "uri_ref"},
    {"ipv4_with_prefixlen", "ip_with_prefixlen"},
    {"ipv6_with_prefixlen", "ip_with_prefixlen"},
    {"ipv4_prefix", "ip_prefix"},
    {"ipv6_prefix", "ip_prefix"},
    {"ip_prefix", "ip_with_prefixlen"},
}};

bool IsOn(const Message& rules, const std::string& flag) {
  const auto values = ValuesOf(rules, flag);
  return !values.empty() && values[0].number != 0;
}

bool IsBound(const std::string& name) {
  return name == "lt" || name == "lte" || name == "gt" || name == "gte";
}

// The names of rules for one length; `exact` may be empty.
struct LengthRules {
  const char* exact;
  const char* least;
  const char* most;
};
constexpr std::array<LengthRules, 4> kLengths = {{
    {"len", "min_len", "max_len"},
    {"len_bytes", "min_bytes", "max_bytes"},
    {"", "min_items", "max_items"},
    {"", "min_pairs", "max_pairs"},
}};

bool IsLength(const std::string& name) {
  return std::any_of(kLengths.begin(), kLengths.end(), [&](const LengthRules& rules) {
    return name == rules.exact || name == rules.least || name == rules.most;
  });
}

class FamilyComparison {
 public:
  FamilyComparison(const Message& before, const Message& after, std::string path, KnownValues known,
                   std::vector<RuleChange>& changes)
      : before_(before),
        after_(after),
        path_(std::move(path)),
        known_(known),
        changes_(changes),
        finite_(ValuesOf(before, FindRule(before, "const") != nullptr ? "const" : "in")) {}

  void Compare() {
    if (!BoundsAllow(before_, after_)) Add(true, BoundsText(after_), BoundsText(before_));
    for (const LengthRules& rules : kLengths) CompareLength(rules);
    std::vector<const FieldDescriptor*> set;
    after_.GetReflection()->ListFields(after_, &set);
    for (const FieldDescriptor* rule : set) CompareRule(*rule);
    // Rules of an extension or of a newer buf.validate.
    const auto unknown = [](const Message& message) {
      std::string bytes;
      (void)message.GetReflection()->GetUnknownFields(message).SerializeToString(&bytes);
      return bytes;
    };
    if (!unknown(after_).empty() && unknown(after_) != unknown(before_)) {
      Add(false, "rules that are not known here", "others");
    }
  }

 private:
  void CompareRule(const FieldDescriptor& rule) {
    const std::string& name = rule.name();
    if (name == "example" || name == "strict" || IsBound(name) || IsLength(name)) return;
    if (rule.message_type() == FieldRules::descriptor()) {
      CompareNested(name);
    } else if (name == "const" || name == "in") {
      CompareAllowed(name);
    } else if (name == "not_in") {
      CompareRefused();
    } else if (name == "within") {
      const auto was = ValuesOf(before_, name);
      if (was.empty() || ValuesOf(after_, name)[0] < was[0]) Add(name);
    } else if (name == "well_known_regex") {
      CompareRegex();
    } else if (rule.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      if (IsOn(after_, name) && !Implied(name)) Add(name);
    } else if (rule.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !rule.is_repeated()) {
      CompareText(name);
    } else if (ValuesOf(before_, name) != ValuesOf(after_, name)) {
      Add(false, RuleText(after_, name), RuleText(before_, name));
    }
  }

  // items, keys, values.
  void CompareNested(const std::string& name) {
    const auto rules_of = [&](const Message& family) {
      const FieldDescriptor* rule = FindRule(family, name);
      FieldRules rules;
      if (rule != nullptr) rules.CopyFrom(family.GetReflection()->GetMessage(family, rule));
      return rules;
    };
    for (RuleChange& change : CompareRules(rules_of(before_), rules_of(after_))) {
      changes_.push_back(
          {change.tightened, absl::StrCat(path_, name, ".", change.rule), std::move(change.was)});
    }
  }

  // const and in: all values that were possible must still be possible.
  void CompareAllowed(const std::string& name) {
    const auto allowed = ValuesOf(after_, name);
    const bool all = std::all_of(finite_.begin(), finite_.end(), [&](const RuleValue& value) {
      return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
    });
    if (!finite_.empty() && all) return;
    const bool was_const = FindRule(before_, "const") != nullptr;
    Add(true, RuleText(after_, name), RuleText(before_, was_const ? "const" : "in"));
  }

  void CompareRefused() {
    const auto was = ValuesOf(before_, "not_in");
    const auto is = ValuesOf(after_, "not_in");
    const bool none = std::all_of(is.begin(), is.end(), [&](const RuleValue& value) {
      if (std::find(was.begin(), was.end(), value) != was.end()) return true;
      return !finite_.empty() && std::find(finite_.begin(), finite_.end(), value) == finite_.end();
    });
    if (!none) Add("not_in");
  }

  void CompareLength(const LengthRules& rules) {
    const auto end = [&](const Message& family, const char* name, long double absent) {
      const auto exact = ValuesOf(family, rules.exact);
      if (!exact.empty()) return exact[0].number;
      const auto values = ValuesOf(family, name);
      return values.empty() ? absent : values[0].number;
    };
    const auto name_in = [&](const Message& family, const char* name) {
      return FindRule(family, rules.exact) != nullptr ? rules.exact : name;
    };
    constexpr long double kUnlimited = std::numeric_limits<long double>::infinity();
    long double least = end(before_, rules.least, 0);
    if (known_.not_empty) least = std::max(least, 1.0L);
    const bool more = end(after_, rules.least, 0) > least;
    const bool less = end(after_, rules.most, kUnlimited) < end(before_, rules.most, kUnlimited);
    if (more) {
      Add(true, RuleText(after_, name_in(after_, rules.least)),
          RuleText(before_, name_in(before_, rules.least)));
    }
    // An exact length is reported once.
    const bool reported = more && FindRule(after_, rules.exact) != nullptr;
    if (less && !reported) {
      Add(true, RuleText(after_, name_in(after_, rules.most)),
          RuleText(before_, name_in(before_, rules.most)));
    }
  }

  void CompareText(const std::string& name) {
    const auto was = ValuesOf(before_, name);
    const std::string is = ValuesOf(after_, name)[0].text;
    if (was.empty()) {
      Add(name);
    } else if (was[0].text != is) {
      const std::string& old = was[0].text;
      const bool looser = (name == "prefix" && absl::StartsWith(old, is)) ||
                          (name == "suffix" && absl::EndsWith(old, is)) ||
                          (name == "contains" && absl::StrContains(old, is)) ||
                          (name == "not_contains" && absl::StrContains(is, old));
      if (!looser) Add(name != "pattern", RuleText(after_, name), RuleText(before_, name));
    }
  }

  // `strict` is on by default; without it, less is refused.
  void CompareRegex() {
    const auto is_strict = [](const Message& rules) {
      return FindRule(rules, "strict") == nullptr || IsOn(rules, "strict");
    };
    const auto was = ValuesOf(before_, "well_known_regex");
    if (was.empty()) {
      Add("well_known_regex");
    } else if (was != ValuesOf(after_, "well_known_regex")) {
      Add(false, RuleText(after_, "well_known_regex"), RuleText(before_, "well_known_regex"));
    } else if (is_strict(after_) && !is_strict(before_)) {
      Add(true, "strict: true", "strict: false");
    }
  }

  bool Implied(const std::string& flag) const {
    if (IsOn(before_, flag)) return true;
    return std::any_of(kImplications.begin(), kImplications.end(), [&](const Implication& known) {
      return flag == known.to && IsOn(before_, known.from);
    });
  }

  void Add(const std::string& name) { Add(true, RuleText(after_, name), RuleText(before_, name)); }
  void Add(bool tightened, const std::string& is, std::string was) {
    changes_.push_back({tightened, path_ + is, std::move(was)});
  }

  const Message& before_;
  const Message& after_;
  const std::string path_;
  const KnownValues known_;
  std::vector<RuleChange>& changes_;
  // All values that `before` allows; empty if they are not listed.
  const std::vector<RuleValue> finite_;
};

}  // namespace

void CompareFamily(const Message& before, const Message& after, const std::string& path,
                   KnownValues known, std::vector<RuleChange>& changes) {
  FamilyComparison(before, after, path, known, changes).Compare();
}

}  // namespace dataservice::breaking
