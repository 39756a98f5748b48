#include "schema/apply/proofs.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dataservice::schema {
namespace {

using google::protobuf::Value;

const Value* Member(const Value& object, const char* name) {
  const auto& fields = object.struct_value().fields();
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

// Whether the planner found that no row can satisfy the condition, so that the plan reads nothing.
bool ReadsNothing(const std::string& plan) {
  Value parsed;
  if (!google::protobuf::util::JsonStringToMessage(plan, &parsed).ok()) return false;
  if (parsed.list_value().values_size() != 1) return false;
  const Value* root = Member(parsed.list_value().values(0), "Plan");
  if (root == nullptr) return false;
  const Value* node = Member(*root, "Node Type");
  const Value* filter = Member(*root, "One-Time Filter");
  return node != nullptr && node->string_value() == "Result" && filter != nullptr &&
         filter->string_value() == "false";
}

absl::StatusOr<bool> HasNoRow(SchemaSession& session, const std::string& query) {
  // By default, PostgreSQL uses the CHECKs of partitions only.
  absl::Status status = session.Execute("BEGIN");
  if (status.ok()) status = session.Execute("SET LOCAL constraint_exclusion = on");
  if (!status.ok()) return status;
  const auto plan = session.QueryText(absl::StrCat("EXPLAIN (FORMAT JSON) ", query));
  status = session.Execute("ROLLBACK");
  if (!plan.ok()) return plan.status();
  if (!status.ok()) return status;
  return ReadsNothing(*plan);
}

}  // namespace

absl::Status ResolveProofs(SchemaSession& session, std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (step.proof.empty()) continue;
    const auto proven = HasNoRow(session, step.proof);
    if (!proven.ok()) return proven.status();
    step.proof.clear();
    if (!*proven) continue;
    const std::string permission = step.permission;
    step.breaks = false;
    step.why.clear();
    for (Step& other : steps) {
      if (other.permission == permission) other.permission.clear();
    }
  }
  return absl::OkStatus();
}

}  // namespace dataservice::schema
