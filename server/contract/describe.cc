#include "contract/describe.h"

#include <google/protobuf/util/json_util.h>

#include <set>

#include "contract/one_value.h"
#include "engine_limits.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

v1::MethodKind KindOf(MethodKind kind) {
  switch (kind) {
    case MethodKind::kGet:
      return v1::METHOD_KIND_GET;
    case MethodKind::kList:
      return v1::METHOD_KIND_LIST;
    case MethodKind::kCreate:
      return v1::METHOD_KIND_CREATE;
    case MethodKind::kUpdate:
      return v1::METHOD_KIND_UPDATE;
    case MethodKind::kUpsert:
      return v1::METHOD_KIND_UPSERT;
    case MethodKind::kDelete:
      return v1::METHOD_KIND_DELETE;
    case MethodKind::kBatchGet:
      return v1::METHOD_KIND_BATCH_GET;
    case MethodKind::kBatchCreate:
      return v1::METHOD_KIND_BATCH_CREATE;
    case MethodKind::kBatchUpdate:
      return v1::METHOD_KIND_BATCH_UPDATE;
    case MethodKind::kBatchDelete:
      return v1::METHOD_KIND_BATCH_DELETE;
    case MethodKind::kImport:
      return v1::METHOD_KIND_IMPORT;
    case MethodKind::kExport:
      return v1::METHOD_KIND_EXPORT;
    case MethodKind::kCustom:
      return v1::METHOD_KIND_CUSTOM;
  }
  return v1::METHOD_KIND_UNSPECIFIED;
}

std::string NameOf(const FieldDescriptor* field) { return field == nullptr ? "" : field->name(); }

bool Creates(const Method& method) {
  const auto* update = std::get_if<UpdateMethod>(&method.fields);
  return std::holds_alternative<PutMethod>(method.fields) ||
         (update != nullptr && update->allow_missing != nullptr);
}

const FieldDescriptor* SingularField(const Descriptor& message, const char* name,
                                     FieldDescriptor::Type type) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field != nullptr && field->type() == type && !field->is_repeated() ? field : nullptr;
}

const FieldDescriptor* MaskField(const Descriptor& message, const char* name) {
  const FieldDescriptor* field = SingularField(message, name, FieldDescriptor::TYPE_MESSAGE);
  const bool is_mask =
      field != nullptr && field->message_type()->full_name() == "google.protobuf.FieldMask";
  return is_mask ? field : nullptr;
}

// Finds the fields of a custom method with the standard names and types. Its handler
// uses them as the standard methods do.
void DescribeCustom(const Contract& contract, const Method& method, v1::MethodDescription& out) {
  const Descriptor& request = *method.descriptor->input_type();
  const Descriptor& response = *method.descriptor->output_type();
  out.set_etag(NameOf(SingularField(request, "etag", FieldDescriptor::TYPE_STRING)));
  out.set_request_id(NameOf(SingularField(request, "request_id", FieldDescriptor::TYPE_STRING)));
  out.set_update_mask(NameOf(MaskField(request, "update_mask")));
  out.set_read_mask(NameOf(MaskField(request, "read_mask")));
  if (out.read_mask().empty() || contract.FindResource(&response) != nullptr) return;
  for (int i = 0; i < response.field_count(); ++i) {
    const FieldDescriptor& field = *response.field(i);
    if (field.is_repeated() && contract.FindResource(field.message_type()) != nullptr) {
      out.set_rows(field.name());
      return;
    }
  }
}

void DescribeFields(const GetMethod& get, v1::MethodDescription& out) {
  out.set_key(NameOf(get.key));
  out.set_read_mask(NameOf(get.read_mask));
}

void DescribeFields(const ListMethod& list, v1::MethodDescription& out) {
  out.set_page_size(NameOf(list.page_size));
  out.set_page_token(NameOf(list.page_token));
  out.set_filter(NameOf(list.filter));
  out.set_order_by(NameOf(list.order_by));
  out.set_read_mask(NameOf(list.read_mask));
  out.set_rows(NameOf(list.rows));
  out.set_next_page_token(NameOf(list.next_page_token));
}

void DescribeFields(const PutMethod& put, v1::MethodDescription& out) {
  out.set_body(NameOf(put.body));
  out.set_request_id(NameOf(put.request_id));
}

void DescribeFields(const UpdateMethod& update, v1::MethodDescription& out) {
  out.set_body(NameOf(update.body));
  out.set_update_mask(NameOf(update.update_mask));
  out.set_request_id(NameOf(update.request_id));
}

void DescribeFields(const DeleteMethod& del, v1::MethodDescription& out) {
  out.set_key(NameOf(del.key));
  out.set_etag(NameOf(del.etag));
  out.set_request_id(NameOf(del.request_id));
}

void DescribeFields(const BatchGetMethod& batch, v1::MethodDescription& out) {
  out.set_element(batch.element->descriptor->full_name());
  out.set_key(NameOf(batch.keys));
  out.set_read_mask(NameOf(batch.read_mask));
  out.set_rows(NameOf(batch.rows));
}

void DescribeFields(const BatchWriteMethod& batch, v1::MethodDescription& out) {
  out.set_element(batch.element->descriptor->full_name());
  out.set_key(NameOf(batch.keys));
  out.set_request_id(NameOf(batch.request_id));
  out.set_rows(NameOf(batch.rows));
}

void DescribeFields(const ImportMethod& import, v1::MethodDescription& out) {
  out.set_element(import.element->descriptor->full_name());
  out.set_body(NameOf(std::get<PutMethod>(import.element->fields).body));
  v1::ImportResponse& response = *out.mutable_import();
  response.set_imported_count(NameOf(import.imported_count));
  response.set_failed_count(NameOf(import.failed_count));
  response.set_failures(NameOf(import.failures));
  response.set_position(NameOf(import.failure_position));
  response.set_status(NameOf(import.failure_status));
}

void DescribeFields(const ExportMethod& method, v1::MethodDescription& out) {
  out.set_filter(NameOf(method.filter));
}
void DescribeFields(const CustomMethod&, v1::MethodDescription&) {}

void DescribeStandard(const Method& method, v1::MethodDescription& out) {
  out.set_resource(method.resource->message->full_name());
  out.set_creates(Creates(method));
  std::visit([&](const auto& fields) { DescribeFields(fields, out); }, method.fields);
}

void DescribeMethod(const Contract& contract, const Method& method, v1::MethodDescription& out) {
  out.set_name(method.descriptor->full_name());
  out.set_kind(KindOf(method.kind));
  if (!method.descriptor->server_streaming()) {
    out.set_version(NameOf(
        SingularField(*method.descriptor->output_type(), "etag", FieldDescriptor::TYPE_STRING)));
  }
  if (method.kind == MethodKind::kCustom) {
    DescribeCustom(contract, method, out);
  } else {
    DescribeStandard(method, out);
  }
}

void DescribeResource(const Resource& resource, v1::ResourceDescription& out) {
  out.set_message(resource.message->full_name());
  out.set_key(resource.key_column().name);
  out.set_generated_key(resource.key_column().type == ColumnType::kUuid);
  for (const ComputedField& field : resource.computed) out.add_computed(field.column.name);
  out.set_etag(NameOf(resource.etag));
  out.set_owned(resource.has_owner());
  out.set_public_read(resource.public_read);
}

// Adds the names of the messages below `message` that are one value.
void AddOneValues(const Descriptor& message, std::set<const Descriptor*>& visited,
                  std::set<std::string>& names) {
  if (!visited.insert(&message).second) return;
  if (IsOneValue(message)) {
    names.insert(message.full_name());
    return;
  }
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* type = message.field(i)->message_type();
    if (type != nullptr) AddOneValues(*type, visited, names);
  }
}

}  // namespace

v1::ContractDescription Describe(const Contract& contract) {
  v1::ContractDescription description;
  std::set<const Descriptor*> visited;
  std::set<std::string> one_values;
  for (const auto& resource : contract.resources()) {
    DescribeResource(*resource, *description.add_resources());
    AddOneValues(*resource->message, visited, one_values);
  }
  for (const auto& method : contract.methods()) {
    DescribeMethod(contract, *method, *description.add_methods());
    AddOneValues(*method->descriptor->input_type(), visited, one_values);
    AddOneValues(*method->descriptor->output_type(), visited, one_values);
  }
  description.mutable_one_values()->Assign(one_values.begin(), one_values.end());
  v1::Limits& limits = *description.mutable_limits();
  limits.set_request_id_bytes(static_cast<int>(kMaxRequestIdBytes));
  limits.set_mask_paths(kMaxMaskPaths);
  limits.set_mask_depth(kMaxMaskDepth);
  limits.set_import_failures(static_cast<int>(kMaxImportFailures));
  limits.set_default_page_size(kDefaultPageSize);
  limits.set_max_page_size(kMaxPageSize);
  limits.set_batch_size(kMaxBatchSize);
  limits.set_filter_bytes(static_cast<int>(kMaxFilterBytes));
  return description;
}

std::string DescriptionJson(const v1::ContractDescription& description) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // A message without google.protobuf.Any always has a JSON form.
  (void)google::protobuf::util::MessageToJsonString(description, &json, options);
  return json;
}

}  // namespace dataservice
