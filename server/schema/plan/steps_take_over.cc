#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/model/ddl.h"
#include "schema/plan/difference.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

// The first step makes the table ours, so that an interrupted apply may go on.
void AddTakeOvers(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (!work.pair->foreign) continue;
    const SchemaTable& table = *work.pair->actual;
    std::vector<std::string> changes;
    for (const Difference& difference : CompareColumnsAndObjects(*work.pair)) {
      changes.push_back(difference.text);
    }
    const std::string name = absl::StrCat("take-over:", work.label);
    SchemaTable commented = table;
    commented.comment = work.pair->wanted->comment;
    parts.plan.steps.push_back(
        {.name = name,
         .locks = Moment(kShareUpdateExclusive, table),
         .why = absl::StrCat(TableName(table),
                             " has no comments of this tool: another program made it, whose "
                             "statements may fail when it is changed. What would change, beside "
                             "comments and the rights of the roles and of PUBLIC: ",
                             changes.empty() ? "nothing" : absl::StrJoin(changes, "; ")),
         .sql = {CommentOnTable(commented)},
         .schema = work.pair->wanted->schema,
         .breaks = true,
         .permission = name,
         .needed = true});
  }
}

}  // namespace dataservice::schema
