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

void LinkElement(Method& batch, const std::vector<std::unique_ptr<Method>>& methods,
                 const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics) {
  const Method* other = nullptr;
  for (const auto& method : methods) {
    if (method->kind != ElementKind(batch.kind) || method->resource != batch.resource) continue;
    if (batch.requests != nullptr &&
        batch.requests->message_type() != method->descriptor->input_type()) {
      other = method.get();
      continue;
    }
    batch.element = method.get();
    if (batch.read_mask != nullptr && method->read_mask == nullptr) {
      diagnostics.Add(*batch.descriptor,
                      absl::StrCat("has a read_mask, but ", method->descriptor->full_name(),
                                   ", which it carries out many times, has none; add it there"));
    }
    return;
  }
  if (IsOneOf(refused, ElementKind(batch.kind), *batch.resource)) return;
  if (other == nullptr) {
    diagnostics.Add(*batch.descriptor,
                    absl::StrCat("does many times what ", ElementName(batch),
                                 " does, which the contract lacks; add that method"));
  } else {
    diagnostics.Add(*batch.descriptor,
                    absl::StrCat("the request's field requests must be `repeated ",
                                 other->descriptor->input_type()->name(), "`, the request of ",
                                 other->descriptor->full_name()));
  }
}

}  // namespace

std::string ElementName(const Method& batch) {
  const char* verb = "Get";
  if (batch.kind == MethodKind::kBatchCreate) verb = "Create";
  if (batch.kind == MethodKind::kBatchUpdate) verb = "Update";
  if (batch.kind == MethodKind::kBatchDelete) verb = "Delete";
  return absl::StrCat(verb, batch.resource->message->name());
}

void LinkElements(const std::vector<std::unique_ptr<Method>>& methods,
                  const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics) {
  for (const auto& method : methods) {
    if (IsBatch(method->kind)) LinkElement(*method, methods, refused, diagnostics);
  }
}

}  // namespace dataservice
