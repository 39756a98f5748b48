#include "serve/request/order_by.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "contract/field_lookup.h"

namespace dataservice {
namespace {

// More would not be an order that anybody reads.
constexpr size_t kMaxTerms = 16;

// One "name", "name asc" or "name desc"; a reason where it is none.
std::string ParseTerm(absl::string_view text, const Resource& resource, OrderTerm& term) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty()) return "has an empty term";
  const std::string name(words[0]);
  const auto* field = FindField(*resource.message, name);
  if (field != nullptr) term.column = resource.Find(field);
  if (field != nullptr && resource.FindComputed(field->name()) >= 0) {
    return absl::StrCat(name, " is computed; an order is of stored fields only");
  }
  if (term.column < 0) return absl::StrCat("there is no stored field ", name);
  const Column& column = resource.column(term.column);
  if (!column.is_comparable()) {
    return absl::StrCat(name, " has no order");
  }
  const std::string way = words.size() > 1 ? absl::AsciiStrToLower(words[1]) : "asc";
  if (words.size() > 2 || (way != "asc" && way != "desc")) {
    return absl::StrCat("after ", name, " comes asc, desc, a comma or the end");
  }
  term.descending = way == "desc";
  return "";
}

}  // namespace

std::vector<OrderTerm> ParseOrderBy(std::string_view text, const Resource& resource,
                                    std::string_view field, Violations& violations) {
  std::vector<OrderTerm> order;
  const absl::string_view whole =
      absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size()));
  if (!whole.empty()) {
    for (const absl::string_view part : absl::StrSplit(whole, ',')) {
      OrderTerm term;
      std::string problem = ParseTerm(part, resource, term);
      const bool again = std::any_of(order.begin(), order.end(),
                                     [&](const OrderTerm& t) { return t.column == term.column; });
      if (problem.empty() && again) problem = "names a field twice";
      if (problem.empty() && order.size() == kMaxTerms) problem = "has more than 16 terms";
      if (!problem.empty()) {
        violations.Add(field, problem);
        break;
      }
      order.push_back(term);
    }
  }
  // What comes after the key decides nothing.
  const auto key = std::find_if(order.begin(), order.end(),
                                [&](const OrderTerm& t) { return t.column == resource.key; });
  if (key != order.end()) {
    order.erase(key + 1, order.end());
  } else {
    order.push_back({resource.key, !order.empty() && order.back().descending});
  }
  return order;
}

}  // namespace dataservice
