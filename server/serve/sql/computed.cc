#include "serve/sql/computed.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/aggregate.h"

namespace dataservice {

std::string ComputedColumn(int field) { return absl::StrCat("\"computed ", field, "\""); }

std::string ComputedJoins(const Resource& resource, const std::vector<int>& fields,
                          std::string_view alias) {
  struct Group {
    const Resource* source;
    int reference;
    std::string aggregates;
  };
  // In the order in which they are met first, so that a text is always the same.
  std::vector<Group> groups;
  for (const int i : fields) {
    const ComputedField& field = resource.computed[static_cast<size_t>(i)];
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.source == field.source && g.reference == field.reference;
    });
    if (group == groups.end()) group = groups.insert(group, {field.source, field.reference, ""});
    absl::StrAppend(&group->aggregates, group->aggregates.empty() ? "" : ", ",
                    AggregateSql(field, "s"), " AS ", ComputedColumn(i));
  }
  std::string out;
  for (size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    const Column& reference = group.source->column(group.reference);
    absl::StrAppend(&out, " LEFT JOIN LATERAL (SELECT ", group.aggregates, " FROM ",
                    TableName(*group.source), " AS s WHERE ", ColumnName("s", reference), " = ",
                    ColumnName(alias, resource.key_column()));
    if (resource.is_private()) {
      absl::StrAppend(&out, " AND ", ColumnName("s", group.source->owner_column()), " = ",
                      ColumnName(alias, resource.owner_column()));
    }
    absl::StrAppend(&out, ") AS g", i, " ON true");
  }
  return out;
}

}  // namespace dataservice
