#include "contract/batch_methods.h"

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

MethodKind ElementKind(MethodKind batch) {
  switch (batch) {
    case MethodKind::kBatchCreate:
      return MethodKind::kCreate;
    case MethodKind::kBatchUpdate:
      return MethodKind::kUpdate;
    case MethodKind::kBatchDelete:
      return MethodKind::kDelete;
    default:
      return MethodKind::kGet;
  }
}

// The method of one element, of that kind and, if `requests` is not null, of that request.
// `other` is one of the kind that takes another request.
const Method* FindElement(const Method& batch, const google::protobuf::FieldDescriptor* requests,
                          const std::vector<std::unique_ptr<Method>>& methods,
                          const Method*& other) {
  for (const auto& method : methods) {
    if (method->kind != ElementKind(batch.kind) || method->resource != batch.resource) continue;
    if (requests == nullptr || requests->message_type() == method->descriptor->input_type()) {
      return method.get();
    }
    other = method.get();
  }
  return nullptr;
}

void CheckReadMask(const Method& batch, const Method& get, Diagnostics& diagnostics) {
  if (std::get<BatchGetMethod>(batch.fields).read_mask == nullptr ||
      std::get<GetMethod>(get.fields).read_mask != nullptr) {
    return;
  }
  diagnostics.Add(*batch.descriptor,
                  absl::StrCat("has a read_mask, but ", get.descriptor->full_name(),
                               ", which it carries out many times, has none; add it there"));
}

void LinkElement(Method& batch, const std::vector<std::unique_ptr<Method>>& methods,
                 const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics) {
  auto* const writes = std::get_if<BatchWriteMethod>(&batch.fields);
  const Method* other = nullptr;
  const Method* const element =
      FindElement(batch, writes == nullptr ? nullptr : writes->requests, methods, other);
  if (element != nullptr && writes != nullptr) {
    writes->element = element;
  } else if (element != nullptr) {
    std::get<BatchGetMethod>(batch.fields).element = element;
    CheckReadMask(batch, *element, diagnostics);
  } else if (IsOneOf(refused, ElementKind(batch.kind), *batch.resource)) {
    // Reported there.
  } else if (other == nullptr) {
    diagnostics.Add(*batch.descriptor,
                    absl::StrCat("does many times what ", ElementName(batch.kind, *batch.resource),
                                 " does, which the contract lacks; add that method"));
  } else {
    diagnostics.Add(*batch.descriptor,
                    absl::StrCat("the request's field requests must be `repeated ",
                                 other->descriptor->input_type()->name(), "`, the request of ",
                                 other->descriptor->full_name()));
  }
}

}  // namespace

std::string ElementName(MethodKind batch, const Resource& resource) {
  const char* verb = "Get";
  if (batch == MethodKind::kBatchCreate) verb = "Create";
  if (batch == MethodKind::kBatchUpdate) verb = "Update";
  if (batch == MethodKind::kBatchDelete) verb = "Delete";
  return absl::StrCat(verb, resource.message->name());
}

void LinkElements(const std::vector<std::unique_ptr<Method>>& methods,
                  const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics) {
  for (const auto& method : methods) {
    if (IsBatch(method->kind)) LinkElement(*method, methods, refused, diagnostics);
  }
}

}  // namespace dataservice
