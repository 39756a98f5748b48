#include "serve/request/export_query.h"

#include "serve/request/filter_field.h"
#include "serve/request/owner.h"
#include "serve/request/parse.h"
#include "serve/request/redaction.h"
#include "serve/request/request_statement.h"
#include "serve/request/statement_size.h"

namespace dataservice {

ExportQueryParser::ExportQueryParser(const HandlerContext& context, const Method& method)
    : method_(method),
      filter_(std::get<ExportMethod>(method.fields).filter),
      executor_(context.executor),
      prototype_(PrototypeOf(*method.descriptor->input_type())),
      rules_(*context.contract.FindValidator(method.descriptor->input_type())),
      json_(*method.descriptor->output_type()) {}

absl::StatusOr<ExportQuery> ExportQueryParser::Parse(
    google::protobuf::io::ZeroCopyInputStream& bytes, const RequestContext& context) const {
  const auto owner = ReadOwnerOf(*method_.resource, context);
  if (!owner.ok()) return owner.status();
  auto json = ReadJsonResponse(context, json_.message());
  if (!json.ok()) return json.status();
  RequestArena arena;
  const auto request = ParseRequest(prototype_, bytes, *arena, context);
  if (!request.ok()) return request.status();
  Violations violations;
  rules_.Validate(**request, "", violations.list());
  ExportQuery query{
      .shape = {.resource = method_.resource}, .json = *std::move(json), .access = context.access};
  if (!owner->empty()) query.shape.columns = {method_.resource->owner};
  AddOwner(*owner, query.values);
  query.shape.condition =
      ReadFilter(**request, filter_, *method_.resource, query.values, violations);
  if (!violations.empty()) return violations.ToStatus();
  const auto statement = StatementOfRequest(query.shape, context, executor_);
  if (!statement.ok()) return statement.status();
  CheckPageStatement(query.shape, **statement, executor_, filter_ == nullptr ? "" : filter_->name(),
                     violations);
  if (!violations.empty()) return violations.ToStatus();
  return query;
}

absl::Status ExportQueryParser::Format(const ExportQuery& query, std::string& row) const {
  absl::Status status = RedactMessage(*query.access, json_.message(), row);
  if (!status.ok() || !query.json) return status;
  std::vector<std::string> values;
  return WriteJson(json_, *query.json, FieldsOf(nullptr, *query.access), row, values);
}

}  // namespace dataservice
