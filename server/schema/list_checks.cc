// buf.validate rules of repeated fields and maps.
#include "absl/strings/str_cat.h"
#include "schema/checks.h"

namespace dataservice {

void AddListChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks) {
  const std::string& c = checks.name();
  if (rules.has_map()) {
    const auto& map = rules.map();
    // jsonb has no count of keys that a CHECK may use but this.
    const std::string count =
        absl::StrCat("jsonb_array_length(jsonb_path_query_array(", c, ", '$.keyvalue()'))");
    if (map.has_min_pairs()) {
      checks.Add("min_pairs", absl::StrCat(count, " >= ", map.min_pairs()));
    }
    if (map.has_max_pairs()) {
      checks.Add("max_pairs", absl::StrCat(count, " <= ", map.max_pairs()));
    }
    if (map.has_keys() || map.has_values()) checks.ServerOnly("map.keys and map.values");
    return;
  }
  const auto& repeated = rules.repeated();
  const std::string count =
      absl::StrCat(checks.column().array ? "cardinality(" : "jsonb_array_length(", c, ")");
  if (repeated.has_min_items()) {
    checks.Add("min_items", absl::StrCat(count, " >= ", repeated.min_items()));
  }
  if (repeated.has_max_items()) {
    checks.Add("max_items", absl::StrCat(count, " <= ", repeated.max_items()));
  }
  if (repeated.unique()) checks.ServerOnly("repeated.unique");
  if (repeated.has_items() && checks.column().type != ColumnType::kUuid) {
    checks.ServerOnly("repeated.items");
  }
}

}  // namespace dataservice
