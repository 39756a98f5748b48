// Create, Update and Upsert: methods that bring a row.
#include "serve/errors/errors.h"
#include "serve/request/message_handler.h"
#include "serve/request/part_rules.h"
#include "serve/request/precondition.h"
#include "serve/request/request_id.h"
#include "serve/request/update_mask.h"
#include "serve/request/uuid.h"
#include "serve/request/violations.h"
#include "serve/values/encode.h"
#include "serve/values/json_field.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class WriteHandler : public MessageHandler {
 public:
  WriteHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(method),
        method_(method),
        resource_(*method.resource),
        contract_(context.contract),
        executor_(context.executor),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())),
        row_rules_(*context.contract.FindValidator(method.resource->message)),
        columns_(ClientColumns(*method.resource)),
        replaced_(columns_) {
    std::erase(replaced_, method.resource->key);
    if (method.kind == MethodKind::kCreate) {
      created_ = executor_.StatementOf(
          {.kind = ShapeKind::kCreate, .resource = &resource_, .columns = columns_});
    }
  }

  const std::string& path() const override { return method_.path; }

  // Validate, choose the shape, convert.
  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    AdmitRequestId(method_, context, request, violations);
    ValidateBesideRow(request, violations);
    if (!request.GetReflection()->HasField(request, method_.body)) {
      violations.Add(method_.body->name(), "value is required");
      return violations.ToStatus();
    }
    std::optional<Claim> claim = TakeClaim(method_, context, request);
    Message& row = *request.GetReflection()->MutableMessage(&request, method_.body);
    const auto precondition = ReadPrecondition(context, EtagOf(row));
    if (!precondition.ok()) return precondition.status();
    if (method_.kind == MethodKind::kCreate) MakeKey(row);
    for (const Column& column : resource_.columns) TruncateField(row, column);
    MaskedFields masked;
    Shape shape = ChooseShape(request, row, *precondition, masked, violations);
    const absl::Status if_missing = AllowMissing(request, row, *precondition, shape);
    ValidateRow(row, shape, masked, violations);
    auto operation = Convert(row, shape, masked, *precondition, violations);
    operation->if_missing = if_missing;
    if (!violations.empty()) return violations.ToStatus();
    operation->deadline = context.deadline;
    operation->row_field = method_.body->name();
    operation->key = std::string(*operation->values[0]);
    if (claim) {
      shape.claimed = true;
      AddClaim(*claim, operation->values);
      operation->claim = std::move(claim);
      operation->retryable = Retryable::kYes;
    }
    // Every creation but a claimed one has one shape.
    operation->statement =
        created_ != nullptr && !operation->claim ? created_ : executor_.StatementOf(shape);
    return CheckPrecondition(std::move(operation), *precondition);
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

 private:
  void ValidateBesideRow(const Message& request, Violations& violations) const {
    const auto& type = *request.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i) == method_.body) continue;
      rules_.ValidateField(request, type.field(i), "", violations.list());
    }
  }

  std::string EtagOf(const Message& row) const {
    return resource_.etag == nullptr ? std::string()
                                     : row.GetReflection()->GetString(row, resource_.etag);
  }

  void MakeKey(Message& row) const {
    const Column& key = resource_.key_column();
    if (key.type != ColumnType::kUuid || row.GetReflection()->HasField(row, key.field)) return;
    row.GetReflection()->SetString(&row, key.field, NewUuid());
  }

  // An update's fields go to `masked` as well.
  Shape ChooseShape(const Message& request, const Message& row, const Precondition& precondition,
                    MaskedFields& masked, Violations& violations) const {
    Shape shape{.kind = ShapeKind::kCreate, .resource = &resource_};
    if (method_.kind == MethodKind::kUpdate) {
      shape.kind = ShapeKind::kUpdate;
      masked =
          FieldsOfMask(resource_, request.GetReflection()->GetMessage(request, method_.update_mask),
                       row, method_.update_mask->name(), violations);
      shape.columns = masked.columns;
      for (const auto& [column, change] : masked.changes) shape.merges.push_back(column);
      return shape;
    }
    shape.columns = columns_;
    if (method_.kind == MethodKind::kCreate || precondition.must_not_exist) return shape;
    const bool replaces = precondition.must_exist || !precondition.etags.empty();
    shape.kind = replaces ? ShapeKind::kUpdate : ShapeKind::kUpsert;
    (replaces ? shape.columns : shape.changes) = replaced_;
    return shape;
  }

  // An update that may create (AIP-134): the whole row is stored where there is
  // none, the fields of the mask change where there is one. A row that could not
  // be stored whole can still change one; that it is missing is then the error
  // that is answered.
  absl::Status AllowMissing(const Message& request, const Message& row,
                            const Precondition& precondition, Shape& shape) const {
    const bool asked = method_.allow_missing != nullptr && !precondition.must_exist &&
                       precondition.etags.empty() &&
                       request.GetReflection()->GetBool(request, method_.allow_missing);
    if (!asked) return absl::OkStatus();
    Violations whole;
    row_rules_.Validate(row, method_.body->name(), whole.list());
    if (!whole.empty()) return whole.ToStatus();
    if (!shape.merges.empty()) {
      return InvalidArgument(method_.update_mask->name(),
                             "with allow_missing, a row that does not exist needs whole fields");
    }
    shape.kind = ShapeKind::kUpsert;
    shape.changes = std::move(shape.columns);
    shape.columns = columns_;
    return absl::OkStatus();
  }

  // A new or replaced row obeys every rule, an updated one those of the fields
  // that change; the key is always there.
  void ValidateRow(const Message& row, const Shape& shape, MaskedFields& masked,
                   Violations& violations) const {
    const std::string& prefix = method_.body->name();
    const FieldDescriptor* key = resource_.key_column().field;
    if (!row.GetReflection()->HasField(row, key)) {
      violations.Add(FieldPath(prefix, key->name()), "value is required");
    }
    if (method_.kind != MethodKind::kUpdate || shape.kind == ShapeKind::kUpsert) {
      row_rules_.Validate(row, prefix, violations.list());
      return;
    }
    row_rules_.ValidateField(row, key, prefix, violations.list());
    for (const int i : shape.columns) {
      row_rules_.ValidateField(row, resource_.column(i).field, prefix, violations.list());
    }
    PartRules parts(contract_, prefix, violations);
    for (const PartPath& part : masked.parts) {
      const int column = resource_.Find(part.steps.front().field);
      parts.Check(row, part, masked.changes[column]);
    }
  }

  // Values in the order of the statement's parameters (serve/sql/statement.h).
  std::unique_ptr<Operation> Convert(const Message& row, const Shape& shape,
                                     const MaskedFields& masked, const Precondition& precondition,
                                     Violations& violations) const {
    auto operation = std::make_unique<Operation>();
    const auto add = [&](int i) {
      const Column& column = resource_.column(i);
      std::string problem;
      if (!EncodeField(row, *column.field, column, operation->values, problem)) {
        violations.Add(FieldPath(method_.body->name(), column.name), problem);
      }
    };
    add(resource_.key);
    if (shape.kind == ShapeKind::kUpdate) AddVersion(precondition, resource_, operation->values);
    for (const int i : shape.columns) {
      if (i != resource_.key) add(i);
    }
    for (const auto& [column, change] : masked.changes) {
      AddChange(row, column, change, *operation, violations);
    }
    // An upsert under a version replaces: it never creates.
    operation->must_exist = precondition.must_exist || (method_.kind == MethodKind::kUpsert &&
                                                        shape.kind == ShapeKind::kUpdate);
    operation->must_not_exist = precondition.must_not_exist;
    return operation;
  }

  // What changes in a jsonb column, with the values that the row has there.
  void AddChange(const Message& row, int column, const JsonChange& change, Operation& operation,
                 Violations& violations) const {
    const FieldDescriptor& field = *resource_.column(column).field;
    std::string to;
    std::string problem;
    if (!field.is_repeated() && !row.GetReflection()->HasField(row, &field)) {
      to = "null";
    } else if (!AppendFieldJson(row, field, to, problem)) {
      violations.Add(FieldPath(method_.body->name(), field.name()), problem);
    }
    change.AppendTo(to, operation.values.Begin());
    operation.values.End();
  }

  absl::StatusOr<std::unique_ptr<Operation>> CheckPrecondition(
      std::unique_ptr<Operation> operation, const Precondition& precondition) const {
    if (precondition.must_not_exist && method_.kind == MethodKind::kUpdate) {
      return InvalidArgument("if-none-match", "means nothing to this method");
    }
    if (precondition.must_exist && method_.kind == MethodKind::kCreate) {
      return InvalidArgument("if-match", "means nothing to a creation");
    }
    if (precondition.must_exist && !precondition.etags.empty() && resource_.etag == nullptr) {
      return InvalidArgument("if-match", "there are no etags");
    }
    return operation;
  }

  const Method& method_;
  const Resource& resource_;
  const Contract& contract_;
  Executor& executor_;
  const Validator& rules_;
  const Validator& row_rules_;
  // What a new row has, and what a replacement of one writes.
  const std::vector<int> columns_;
  std::vector<int> replaced_;
  std::shared_ptr<const Statement> created_;  // of a creation without a claim
};

}  // namespace

std::unique_ptr<MessageHandler> MakeWriteHandler(const HandlerContext& context,
                                                 const Method& method) {
  return std::make_unique<WriteHandler>(context, method);
}

}  // namespace dataservice
