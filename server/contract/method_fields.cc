#include "contract/method_fields.h"

#include "absl/strings/str_cat.h"
#include "contract/batch_methods.h"
#include "contract/import_response.h"
#include "contract/request_fields.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

class FieldsBuilder {
 public:
  FieldsBuilder(const MethodDescriptor& descriptor, const Resource* resource,
                Diagnostics& diagnostics)
      : descriptor_(descriptor), resource_(resource), fields_(descriptor, resource, diagnostics) {}

  MethodFields Build(MethodKind kind) {
    MethodFields fields = BuildOf(kind);
    fields_.RefuseTheRest();
    return fields;
  }

 private:
  MethodFields BuildOf(MethodKind kind) {
    switch (kind) {
      case MethodKind::kGet:
        return BuildGet();
      case MethodKind::kList:
        return BuildList();
      case MethodKind::kCreate:
      case MethodKind::kUpsert:
        return BuildPut();
      case MethodKind::kUpdate:
        return BuildUpdate();
      case MethodKind::kDelete:
        return BuildDelete();
      case MethodKind::kBatchGet:
        return BuildBatchGet();
      case MethodKind::kBatchCreate:
      case MethodKind::kBatchUpdate:
      case MethodKind::kBatchDelete:
        return BuildBatchWrite(kind);
      case MethodKind::kImport:
        return BuildImport();
      case MethodKind::kExport:
        return BuildExport();
      case MethodKind::kCustom:
        break;
    }
    fields_.TakeAll();
    return CustomMethod();
  }

  GetMethod BuildGet() {
    GetMethod get;
    get.key = fields_.TakeKey();
    get.read_mask = fields_.TakeReadMask();
    ReturnsRow();
    return get;
  }

  PutMethod BuildPut() {
    PutMethod put;
    put.request_id = TakeRequestId();
    put.body = fields_.TakeBody();
    ReturnsRow();
    return put;
  }

  UpdateMethod BuildUpdate() {
    UpdateMethod update;
    update.allow_missing = TakeAllowMissing();
    update.update_mask = fields_.TakeUpdateMask();
    update.request_id = TakeRequestId();
    update.body = fields_.TakeBody();
    ReturnsRow();
    return update;
  }

  DeleteMethod BuildDelete() {
    DeleteMethod del;
    del.key = fields_.TakeKey();
    del.etag = fields_.TakeOptional("etag", FieldDescriptor::TYPE_STRING);
    del.request_id = TakeRequestId();
    del.allow_missing = TakeAllowMissing();
    if (del.etag != nullptr && resource_->etag == nullptr &&
        resource_->message->FindFieldByName("etag") == nullptr) {
      fields_.Problem(
          "the request has an etag, but the resource has none; add `string etag` to it");
    }
    ReturnsNothing();
    return del;
  }

  ListMethod BuildList() {
    ListMethod list;
    list.page_size = fields_.Take("page_size", FieldDescriptor::TYPE_INT32);
    list.page_token = fields_.Take("page_token", FieldDescriptor::TYPE_STRING);
    list.filter = fields_.TakeOptional("filter", FieldDescriptor::TYPE_STRING);
    list.order_by = fields_.TakeOptional("order_by", FieldDescriptor::TYPE_STRING);
    list.read_mask = fields_.TakeReadMask();
    for (int i = 0; i < fields_.request().field_count(); ++i) {
      const FieldDescriptor* field = fields_.request().field(i);
      if (fields_.IsTaken(*field)) continue;
      const int column = resource_->Find(field->name());
      if (column < 0 && resource_->FindComputed(field->name()) >= 0) {
        fields_.Problem(
            absl::StrCat("the request's field ", field->name(),
                         " is the name of a computed field, which a list cannot compare with; "
                         "remove it"));
        fields_.Ignore(*field);
      }
      if (column < 0) continue;
      list.equalities.push_back(fields_.TakeEquality(*field, column));
    }
    ReadListResponse(list);
    return list;
  }

  void ReadListResponse(ListMethod& list) {
    const Descriptor& response = *descriptor_.output_type();
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor* field = response.field(i);
      if (field->is_repeated() && field->message_type() == resource_->message &&
          list.rows == nullptr) {
        list.rows = field;
      } else if (field->name() == "next_page_token") {
        list.next_page_token = field;
        if (field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
          fields_.Problem("the response's field next_page_token must be an `optional string`");
        }
      } else if (field->name() == "total_size") {
        list.total_size = field;
        if ((field->type() != FieldDescriptor::TYPE_INT32 &&
             field->type() != FieldDescriptor::TYPE_INT64) ||
            field->is_repeated()) {
          fields_.Problem("the response's field total_size must be an `int32` or `int64`");
        }
      } else {
        fields_.Problem(absl::StrCat("the response's field ", field->name(),
                                     " is not set by a list; remove it"));
      }
    }
    if (list.rows == nullptr) {
      fields_.Problem(
          absl::StrCat("the response lacks a field `repeated ", resource_->message->name(), "`"));
    }
    if (list.next_page_token == nullptr) {
      fields_.Problem("the response lacks the field `optional string next_page_token`");
    }
  }

  // `element` is found when all methods are known (batch_methods.h).
  BatchGetMethod BuildBatchGet() {
    BatchGetMethod batch;
    const std::string declaration = KeysDeclaration();
    batch.keys = TakeKeys(declaration);
    batch.read_mask = fields_.TakeReadMask();
    if (batch.keys == nullptr && !fields_.mistyped()) {
      fields_.Problem(absl::StrCat("the request lacks the field ", declaration));
    }
    batch.rows = FindRows();
    return batch;
  }

  BatchWriteMethod BuildBatchWrite(MethodKind kind) {
    const bool deletes = kind == MethodKind::kBatchDelete;
    BatchWriteMethod batch;
    const std::string of_keys = KeysDeclaration();
    const std::string of_requests =
        absl::StrCat("`repeated ", ElementName(kind, *resource_), "Request requests`");
    if (deletes) batch.keys = TakeKeys(of_keys);
    batch.requests = fields_.TakeRepeated("requests", FieldDescriptor::TYPE_MESSAGE, of_requests);
    batch.request_id = TakeRequestId();
    if (batch.keys != nullptr && batch.requests != nullptr) {
      fields_.Problem(
          absl::StrCat("the request has both ", batch.keys->name(), " and requests; remove one"));
    }
    if (batch.keys == nullptr && batch.requests == nullptr && !fields_.mistyped()) {
      fields_.Problem(absl::StrCat("the request lacks the field ", deletes ? of_keys : "",
                                   deletes ? " or " : "", of_requests));
    }
    if (deletes) {
      ReturnsNothing();
    } else {
      batch.rows = FindRows();
    }
    return batch;
  }

  // Its messages are a Create method's (ResolveImports), which reads their fields.
  ImportMethod BuildImport() {
    ImportMethod import;
    fields_.TakeAll();
    for (const std::string& problem : ReadImportResponse(*descriptor_.output_type(), import)) {
      fields_.Problem(problem);
    }
    return import;
  }

  ExportMethod BuildExport() {
    ExportMethod result;
    result.filter = fields_.TakeOptional("filter", FieldDescriptor::TYPE_STRING);
    ReturnsRow();
    return result;
  }

  const FieldDescriptor* TakeRequestId() {
    return fields_.TakeOptional("request_id", FieldDescriptor::TYPE_STRING);
  }
  const FieldDescriptor* TakeAllowMissing() {
    return fields_.TakeOptional("allow_missing", FieldDescriptor::TYPE_BOOL);
  }

  std::string KeysName() const { return absl::StrCat(resource_->key_column().field->name(), "s"); }
  std::string KeysDeclaration() const {
    return absl::StrCat("`repeated ", resource_->key_column().field->type_name(), " ", KeysName(),
                        "`");
  }
  const FieldDescriptor* TakeKeys(const std::string& declaration) {
    return fields_.TakeRepeated(KeysName(), resource_->key_column().field->type(), declaration);
  }

  void ReturnsRow() {
    const Descriptor& message = *resource_->message;
    if (descriptor_.output_type() == &message) return;
    fields_.Problem(absl::StrCat("must return ", message.full_name(), ", and returns ",
                                 descriptor_.output_type()->full_name()));
  }
  void ReturnsNothing() {
    if (descriptor_.output_type()->full_name() == "google.protobuf.Empty") return;
    fields_.Problem("must return google.protobuf.Empty");
  }

  // The response of a batch has the rows and nothing else.
  const FieldDescriptor* FindRows() {
    const Descriptor& response = *descriptor_.output_type();
    const FieldDescriptor* rows = nullptr;
    for (int i = 0; i < response.field_count(); ++i) {
      const FieldDescriptor* field = response.field(i);
      if (field->is_repeated() && field->message_type() == resource_->message && rows == nullptr) {
        rows = field;
      } else {
        fields_.Problem(absl::StrCat("the response's field ", field->name(),
                                     " is not set by a batch method; remove it"));
      }
    }
    if (rows == nullptr) {
      fields_.Problem(
          absl::StrCat("the response lacks a field `repeated ", resource_->message->name(), "`"));
    }
    return rows;
  }

  const MethodDescriptor& descriptor_;
  const Resource* const resource_;
  RequestFields fields_;
};

}  // namespace

MethodFields BuildMethodFields(MethodKind kind, const MethodDescriptor& descriptor,
                               const Resource* resource, Diagnostics& diagnostics) {
  return FieldsBuilder(descriptor, resource, diagnostics).Build(kind);
}

}  // namespace dataservice
