#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "schema/apply/plan_text.h"

namespace dataservice::schema {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;

void Set(Struct& object, const char* name, const std::string& value) {
  (*object.mutable_fields())[name].set_string_value(value);
}
void Set(Struct& object, const char* name, bool value) {
  (*object.mutable_fields())[name].set_bool_value(value);
}

ListValue& List(Struct& object, const char* name) {
  return *(*object.mutable_fields())[name].mutable_list_value();
}

void Set(Struct& object, const char* name, const std::vector<std::string>& values) {
  ListValue& list = List(object, name);
  for (const std::string& value : values) list.add_values()->set_string_value(value);
}

std::string Json(const Struct& object) {
  std::string out;
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  // Strings, lists, numbers and booleans can always be printed.
  (void)google::protobuf::util::MessageToJsonString(object, &out, options);
  return out;
}

}  // namespace

std::string PlanJson(const DatabasePlan& plan) {
  Struct out;
  ListValue& steps = List(out, "steps");
  for (const Step& step : plan.plan.steps) {
    Struct& one = *steps.add_values()->mutable_struct_value();
    Set(one, "name", step.name);
    Set(one, "kind", std::string(StepKindName(step.kind)));
    Set(one, "lock", LockText(step.locks));
    Set(one, "why", step.why);
    Set(one, "breaks", step.breaks);
    Set(one, "allow", step.permission);
    Set(one, "needed", step.needed);
    Set(one, "obstacles", step.obstacles);
    Set(one, "concurrent", step.alone);
    Set(one, "sql", step.sql);
    ListValue& queries = List(one, "violation_queries");
    for (const ViolationQuery& query : step.violation_queries) {
      Struct& counted = *queries.add_values()->mutable_struct_value();
      Set(counted, "what", query.what);
      Set(counted, "query", query.query);
    }
  }
  ListValue& violations = List(out, "violations");
  for (const RowViolation& violation : plan.violations) {
    Struct& one = *violations.add_values()->mutable_struct_value();
    Set(one, "step", violation.step);
    Set(one, "what", violation.what);
    (*one.mutable_fields())["rows"].set_number_value(static_cast<double>(violation.rows));
    Set(one, "keys", violation.keys);
    Set(one, "query", violation.query);
  }
  Set(out, "refusals", plan.plan.refusals);
  Set(out, "extra", plan.extra);
  Set(out, "problems", plan.problems);
  return Json(out);
}

std::string CheckJson(const CheckReport& report) {
  Struct out;
  Set(out, "agrees", report.Agrees());
  ListValue& differences = List(out, "differences");
  for (const Difference& difference : report.differences.wrong) {
    Struct& one = *differences.add_values()->mutable_struct_value();
    Set(one, "text", difference.text);
    Set(one, "harmful", difference.harmful);
  }
  Set(out, "rights", report.rights);
  Set(out, "problems", report.problems);
  Set(out, "extra", report.differences.extra);
  return Json(out);
}

}  // namespace dataservice::schema
