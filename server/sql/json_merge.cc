#include "sql/json_merge.h"

#include "absl/strings/str_cat.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// Merges what stands at the first `depth` steps of the paths. It reads the
// stored value by its path each time, so that the text grows with the fields and
// not with their powers.
std::string Merge(std::string_view column, std::span<const SubFieldValue> values, size_t depth) {
  std::string at;
  for (size_t i = 0; i < depth; ++i) {
    absl::StrAppend(&at, " -> ", Literal(values.front().field->path[i]));
  }
  std::string kept = absl::StrCat("coalesce(", absl::string_view(column.data(), column.size()), at,
                                  ", '{}'::jsonb)");
  std::string added;
  for (size_t begin = 0; begin < values.size();) {
    const std::string& name = values[begin].field->path[depth];
    size_t end = begin + 1;
    while (end < values.size() && values[end].field->path[depth] == name) ++end;
    const std::string key = Literal(name);
    if (values[begin].field->path.size() == depth + 1) {
      const std::string& value = values[begin].value;
      absl::StrAppend(&kept, " - ", key);
      absl::StrAppend(&added, " || CASE WHEN ", value, " IS NULL THEN '{}'::jsonb ELSE ",
                      "jsonb_build_object(", key, ", ", value, ") END");
    } else {
      absl::StrAppend(&added, " || jsonb_build_object(", key, ", ",
                      Merge(column, values.subspan(begin, end - begin), depth + 1), ")");
    }
    begin = end;
  }
  return absl::StrCat("((", kept, ")", added, ")");
}

}  // namespace

std::string MergedJson(std::string_view column, std::span<const SubFieldValue> values) {
  return Merge(column, values, 0);
}

}  // namespace dataservice
