#include "postgres/explain.h"

#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/libpq.h"

namespace dataservice {
namespace {

constexpr std::chrono::seconds kTimeLimit{5};
constexpr std::chrono::milliseconds kTick{100};

std::string ExplainText(const std::string& text, size_t parameters) {
  const std::string nulls =
      parameters == 0
          ? ""
          : absl::StrCat("(", absl::StrJoin(std::vector<std::string>(parameters, "NULL"), ", "),
                         ")");
  return absl::StrCat(
      "BEGIN READ ONLY; SET LOCAL statement_timeout = '3s'; SET LOCAL lock_timeout = '1s'; "
      "SET LOCAL plan_cache_mode = force_generic_plan; PREPARE dataservice_explain AS ",
      text, "; EXPLAIN EXECUTE dataservice_explain", nulls);
}

}  // namespace

absl::StatusOr<std::string> ExplainStatement(const std::string& conninfo, const std::string& text,
                                             size_t parameters) {
  auto connection = LibpqConnection::Connect(conninfo);
  if (!connection.ok()) return connection.status();
  const auto limit = std::chrono::steady_clock::now() + kTimeLimit;
  (*connection)->Send(ExplainText(text, parameters).c_str());
  while (!(*connection)->Advance(kTick)) {
    if (std::chrono::steady_clock::now() > limit) return absl::UnavailableError("no plan in time");
  }
  const LibpqConnection::Result result = (*connection)->TakeResult();
  if (const auto* error = std::get_if<SqlError>(&result)) {
    return absl::UnavailableError(error->message);
  }
  std::string plan;
  const auto& rows = std::get<QueryResult>(result);
  for (int i = 0; i < rows.size(); ++i) plan.append(rows[i].text(0)).append("\n");
  return plan;
}

}  // namespace dataservice
