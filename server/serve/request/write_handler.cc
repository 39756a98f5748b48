// Create, Update and Upsert: methods whose request has a row.
#include "serve/errors/errors.h"
#include "serve/policy/shape_check.h"
#include "serve/request/message_handler.h"
#include "serve/request/owner.h"
#include "serve/request/part_rules.h"
#include "serve/request/precondition.h"
#include "serve/request/request_id.h"
#include "serve/request/request_statement.h"
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
      : MessageHandler(context, method),
        update_(std::get_if<UpdateMethod>(&method.fields)),
        body_(update_ != nullptr ? *update_->body : *std::get<PutMethod>(method.fields).body),
        resource_(*method.resource),
        contract_(context.contract),
        row_rules_(*context.contract.FindValidator(method.resource->message)),
        columns_(ClientColumns(*method.resource)),
        replaced_(columns_) {
    std::erase(replaced_, method.resource->key);
    if (method.kind == MethodKind::kCreate) created_ = executor_.StatementOf(CreationOf(false));
  }

  // Validate, choose the shape, convert.
  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    const auto owner = WriteOwnerOf(request, body_, resource_, context);
    if (!owner.ok()) return owner.status();
    AdmitRequestId(method_, context, request, violations);
    ValidateBesideRow(request, violations);
    if (!request.GetReflection()->HasField(request, &body_)) {
      violations.Add(body_.name(), "value is required");
      return violations.ToStatus();
    }
    WriteWork work;
    work.row_field = body_.name();
    work.owner = *owner;
    work.claim = TakeClaim(method_, context, request);
    Message& row = *request.GetReflection()->MutableMessage(&request, &body_);
    const auto precondition = ReadPrecondition(context, EtagOf(row));
    if (!precondition.ok()) return precondition.status();
    if (method_.kind == MethodKind::kCreate) MakeKey(row);
    for (const Column& column : resource_.columns) TruncateField(row, column);
    MaskedFields masked;
    Shape shape = ChooseShape(request, row, *precondition, *context.access, masked, violations);
    work.if_missing = AllowMissing(request, row, *precondition, shape);
    ValidateRow(row, shape, masked, violations);
    Convert(row, shape, masked, *precondition, work, violations);
    if (!violations.empty()) return violations.ToStatus();
    absl::Status status = CheckPrecondition(*precondition, method_, context);
    if (!status.ok()) return status;
    work.key = std::string(*work.values[0]);
    if (work.claim) {
      SetClaimed(shape);
      AddClaim(*work.claim, work.values);
    }
    status = ChooseStatement(shape, row, context, work);
    if (!status.ok()) return status;
    return std::make_unique<Operation>(std::move(work), Lane::kWrite, context.deadline);
  }

 private:
  absl::Status ChooseStatement(const Shape& shape, const Message& row,
                               const RequestContext& context, WriteWork& work) const {
    if (!std::holds_alternative<UpdateShape>(shape) || update_ == nullptr) {
      absl::Status status = CheckRow(row, resource_, *context.access);
      if (!status.ok()) return status;
    }
    // Every creation without a claim has one shape.
    work.statement = created_;
    if (created_ != nullptr && !work.claim) return absl::OkStatus();
    auto statement = StatementOfRequest(shape, context, executor_);
    if (!statement.ok()) return statement.status();
    work.statement = *std::move(statement);
    return absl::OkStatus();
  }

  CreateShape CreationOf(bool claimed) const {
    return {.resource = &resource_, .columns = columns_, .claimed = claimed};
  }

  void ValidateBesideRow(const Message& request, Violations& violations) const {
    const auto& type = *request.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i) == &body_) continue;
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
                    const Access& access, MaskedFields& masked, Violations& violations) const {
    if (update_ != nullptr) {
      UpdateShape shape{.resource = &resource_};
      masked = FieldsOfMask(resource_,
                            request.GetReflection()->GetMessage(request, update_->update_mask), row,
                            update_->update_mask->name(), violations);
      shape.columns = masked.columns;
      for (const auto& [column, change] : masked.changes) shape.merges.push_back(column);
      return shape;
    }
    if (method_.kind == MethodKind::kCreate || precondition.must_not_exist) {
      return CreationOf(false);
    }
    if (precondition.must_exist || !precondition.etags.empty()) {
      return UpdateShape{.resource = &resource_,
                         .columns = ReplacedColumns(replaced_, row, resource_, access)};
    }
    return UpsertShape{.resource = &resource_,
                       .columns = columns_,
                       .changes = ReplacedColumns(replaced_, row, resource_, access)};
  }

  static void SetClaimed(Shape& shape) {
    std::visit(
        [](auto& s) {
          if constexpr (requires { s.claimed; }) s.claimed = true;
        },
        shape);
  }

  // An update that may create (AIP-134): inserts the whole row where none exists, and changes
  // the fields of the mask where one does. A row that breaks the rules of a whole row can
  // still change one that exists; the returned status is the error if none does.
  absl::Status AllowMissing(const Message& request, const Message& row,
                            const Precondition& precondition, Shape& shape) const {
    const bool asked = update_ != nullptr && update_->allow_missing != nullptr &&
                       !precondition.must_exist && precondition.etags.empty() &&
                       request.GetReflection()->GetBool(request, update_->allow_missing);
    if (!asked) return absl::OkStatus();
    Violations whole;
    row_rules_.Validate(row, body_.name(), whole.list());
    if (!whole.empty()) return whole.ToStatus();
    auto& update = std::get<UpdateShape>(shape);
    if (!update.merges.empty()) {
      return InvalidArgument(update_->update_mask->name(),
                             "with allow_missing, a row that does not exist needs whole fields");
    }
    shape = UpsertShape{
        .resource = &resource_, .columns = columns_, .changes = std::move(update.columns)};
    return absl::OkStatus();
  }

  // A new or replaced row obeys every rule, an updated one those of the fields
  // that change; the key is always there.
  void ValidateRow(const Message& row, const Shape& shape, MaskedFields& masked,
                   Violations& violations) const {
    const std::string& prefix = body_.name();
    const FieldDescriptor* key = resource_.key_column().field;
    if (!row.GetReflection()->HasField(row, key)) {
      violations.Add(FieldPath(prefix, key->name()), "value is required");
    }
    const auto* changed = std::get_if<UpdateShape>(&shape);
    if (update_ == nullptr || changed == nullptr) {
      row_rules_.Validate(row, prefix, violations.list());
      return;
    }
    row_rules_.ValidateField(row, key, prefix, violations.list());
    for (const int i : changed->columns) {
      row_rules_.ValidateField(row, resource_.column(i).field, prefix, violations.list());
    }
    PartRules parts(contract_, prefix, violations);
    for (const PartPath& part : masked.parts) {
      const int column = resource_.Find(part.steps.front().field);
      parts.Check(row, part, masked.changes[column]);
    }
  }

  // Adds the values in the order of the statement's parameters (serve/sql/statement.h).
  void Convert(const Message& row, const Shape& shape, const MaskedFields& masked,
               const Precondition& precondition, WriteWork& work, Violations& violations) const {
    const auto add = [&](int i) {
      const Column& column = resource_.column(i);
      std::string problem;
      if (!EncodeField(row, *column.field, column, work.values, problem)) {
        violations.Add(FieldPath(body_.name(), column.name), problem);
      }
    };
    add(resource_.key);
    AddOwner(work.owner, work.values);
    const bool updates = std::holds_alternative<UpdateShape>(shape);
    if (updates) AddVersion(precondition, resource_, work.values);
    for (const int i : WrittenColumns(shape)) {
      if (i != resource_.key) add(i);
    }
    for (const auto& [column, change] : masked.changes) {
      AddChange(row, column, change, work.values, violations);
    }
    // An upsert under a version replaces: it never creates.
    work.must_exist = precondition.must_exist || (update_ == nullptr && updates);
    work.must_not_exist = precondition.must_not_exist;
  }

  static const std::vector<int>& WrittenColumns(const Shape& shape) {
    if (const auto* create = std::get_if<CreateShape>(&shape)) return create->columns;
    if (const auto* upsert = std::get_if<UpsertShape>(&shape)) return upsert->columns;
    return std::get<UpdateShape>(shape).columns;
  }

  // What changes in a jsonb column, with the values that the row has there.
  void AddChange(const Message& row, int column, const JsonChange& change, Values& values,
                 Violations& violations) const {
    const FieldDescriptor& field = *resource_.column(column).field;
    std::string to;
    std::string problem;
    if (!field.is_repeated() && !row.GetReflection()->HasField(row, &field)) {
      to = "null";
    } else if (!AppendFieldJson(row, field, to, problem)) {
      violations.Add(FieldPath(body_.name(), field.name()), problem);
    }
    change.AppendTo(to, values.Begin());
    values.End();
  }

  const UpdateMethod* const update_;  // null for Create and Upsert
  const FieldDescriptor& body_;
  const Resource& resource_;
  const Contract& contract_;
  const Validator& row_rules_;
  // The columns of a new row, and those that a replacement writes.
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
