#include "schema/apply/startup_check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "log.h"
#include "schema/model/catalog.h"
#include "schema/plan/difference.h"

namespace dataservice::schema {

absl::Status CheckAtStart(const Contract& contract, const std::string& conninfo,
                          SchemaCheck check) {
  if (check == SchemaCheck::kOff) return absl::OkStatus();
  const auto session = SchemaSession::Connect(conninfo);
  if (!session.ok()) return session.status();
  const SchemaModel wanted = ModelOfContract(contract);
  const auto actual = ModelOfCatalog(**session, wanted);
  if (!actual.ok()) return absl::UnavailableError(actual.status().message());
  const Differences differences = Compare(wanted, *actual);
  std::vector<std::string> harmful;
  for (const Difference& difference : differences.wrong) {
    if (!difference.harmful) {
      LogWarning("schema_differs", {{"difference", difference.text}});
    } else if (check == SchemaCheck::kRefuse) {
      harmful.push_back(difference.text);
    } else {
      LogError("schema_differs", {{"difference", difference.text}});
    }
  }
  if (harmful.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database is not one of this contract; the schema tool's plan and apply "
                   "bring it there (--schema_check=warn serves it as it is):\n  ",
                   absl::StrJoin(harmful, "\n  ")));
}

}  // namespace dataservice::schema
