#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/model/ddl.h"
#include "schema/plan/difference.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

// The first step gives the table its comment, so that the next run continues an interrupted one.
std::vector<Step> TakeOverSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (!work.pair->foreign) continue;
    const SchemaTable& table = *work.pair->actual;
    std::vector<std::string> changes;
    for (const Difference& difference : CompareColumnsAndObjects(*work.pair)) {
      changes.push_back(difference.text);
    }
    const std::string name = absl::StrCat("take-over:", work.label);
    SchemaTable commented = table;
    commented.comment = work.pair->wanted->comment;
    steps.push_back(
        {.name = name,
         .locks = BriefLock(kShareUpdateExclusive, table),
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
  return steps;
}

}  // namespace dataservice::schema
