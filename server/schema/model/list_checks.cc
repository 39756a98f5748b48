// buf.validate rules of repeated fields and maps.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/checks.h"

namespace dataservice::schema {
namespace {

using buf::validate::FieldRules;
using google::protobuf::FieldDescriptor;

std::string TextArray(const google::protobuf::RepeatedPtrField<std::string>& values) {
  std::vector<std::string> literals;
  for (const std::string& value : values) literals.push_back(Literal(value));
  return absl::StrCat("ARRAY[", absl::StrJoin(literals, ", "), "]::text[]");
}

// const, in and not_in of string keys; only the server enforces other rules.
void AddKeyChecks(const FieldRules& keys, ColumnChecks& checks) {
  const Expression& c = checks.value();
  const auto& type = *checks.column().field->message_type()->map_key();
  if (keys.ignore() == buf::validate::IGNORE_ALWAYS) return;
  if (type.type() != FieldDescriptor::TYPE_STRING || keys.has_ignore()) {
    return checks.ServerOnly("map.keys");
  }
  auto rest = keys.string();
  if (rest.has_const_()) {
    checks.Add("keys_const", Concat(c, " - ", Literal(rest.const_()), " = '{}'::jsonb"));
  }
  if (!rest.in().empty()) {
    checks.Add("keys_in", Concat(c, " - ", TextArray(rest.in()), " = '{}'::jsonb"));
  }
  if (!rest.not_in().empty()) {
    checks.Add("keys_not_in", Concat("NOT ", c, " ?| ", TextArray(rest.not_in())));
  }
  rest.clear_const_();
  rest.clear_in();
  rest.clear_not_in();
  if (rest.ByteSizeLong() > 0) checks.ServerOnly("map.keys");
}

void AddMapChecks(const buf::validate::MapRules& map, ColumnChecks& checks) {
  // The only way to count the keys of jsonb in a CHECK.
  const Expression count =
      Concat("jsonb_array_length(jsonb_path_query_array(", checks.value(), ", '$.keyvalue()'))");
  if (map.has_min_pairs()) checks.Add("min_pairs", Concat(count, " >= ", map.min_pairs()));
  if (map.has_max_pairs()) checks.Add("max_pairs", Concat(count, " <= ", map.max_pairs()));
  if (map.has_keys()) AddKeyChecks(map.keys(), checks);
  if (map.has_values()) checks.ServerOnly("map.values");
}

void AddItemChecks(const FieldRules& items, ColumnChecks& checks) {
  if (items.ignore() == buf::validate::IGNORE_ALWAYS) return;
  if (!checks.column().array || items.has_ignore()) {
    return checks.ServerOnly("repeated.items");
  }
  AddRules(items, checks);
}

}  // namespace

void AddListChecks(const FieldRules& rules, ColumnChecks& checks) {
  if (rules.has_map()) return AddMapChecks(rules.map(), checks);
  const auto& repeated = rules.repeated();
  const Expression count =
      Concat(checks.column().array ? "cardinality(" : "jsonb_array_length(", checks.value(), ")");
  if (repeated.has_min_items()) {
    checks.Add("min_items", Concat(count, " >= ", repeated.min_items()));
  }
  if (repeated.has_max_items()) {
    checks.Add("max_items", Concat(count, " <= ", repeated.max_items()));
  }
  if (repeated.unique()) checks.ServerOnly("repeated.unique");
  if (repeated.has_items()) AddItemChecks(repeated.items(), checks);
}

}  // namespace dataservice::schema
