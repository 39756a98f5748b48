#include "serve/request/batch_elements.h"

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/request/parse.h"

namespace dataservice {
namespace {

using google::protobuf::Arena;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor& KeyOf(const Method& element) {
  if (const auto* get = std::get_if<GetMethod>(&element.fields)) return *get->key;
  return *std::get<DeleteMethod>(element.fields).key;
}

// Sets `to`, a single field, to an element of the repeated field `from`: both are
// of the type of a key.
void CopyElement(const Message& request, const FieldDescriptor& from, int index, Message& element,
                 const FieldDescriptor& to) {
  const auto& in = *request.GetReflection();
  const auto& out = *element.GetReflection();
  switch (from.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      out.SetString(&element, &to, in.GetRepeatedString(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      out.SetInt32(&element, &to, in.GetRepeatedInt32(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      out.SetInt64(&element, &to, in.GetRepeatedInt64(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      out.SetUInt32(&element, &to, in.GetRepeatedUInt32(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      out.SetUInt64(&element, &to, in.GetRepeatedUInt64(request, &from, index));
      break;
    default:  // no type of a key
      break;
  }
}

}  // namespace

BatchElements::BatchElements(const HandlerContext& context, const FieldDescriptor& field,
                             const Method& element)
    : field_(field),
      element_(element),
      handler_(MakeRowHandler(context, element)),
      prototype_(PrototypeOf(*element.descriptor->input_type())) {}

int BatchElements::Count(const Message& request) const {
  return request.GetReflection()->FieldSize(request, &field_);
}

bool BatchElements::Check(const Message& request, const RequestContext& context,
                          Violations& violations) const {
  if (context.if_match) violations.Add("if-match", "means nothing to a batch");
  if (context.if_none_match) violations.Add("if-none-match", "means nothing to a batch");
  const int count = Count(request);
  if (count <= kMaxBatchSize) return true;
  violations.Add(field_.name(),
                 absl::StrCat("has ", count, " elements; at most ", kMaxBatchSize, " are allowed"));
  return false;
}

Message& BatchElements::RequestOf(Message& request, int index, Arena& arena) const {
  if (!are_keys()) {
    return *request.GetReflection()->MutableRepeatedMessage(&request, &field_, index);
  }
  Message* element = prototype_.New(&arena);
  CopyElement(request, field_, index, *element, KeyOf(element_));
  return *element;
}

absl::StatusOr<std::unique_ptr<Operation>> BatchElements::Prepare(Message& element, int index,
                                                                  Arena& arena,
                                                                  const RequestContext& context,
                                                                  Violations& violations) const {
  Violations broken;
  auto operation = handler_->PrepareMessage(
      element, arena,
      {.deadline = context.deadline, .caller = context.caller, .access = context.access}, broken);
  if (operation.ok()) {
    const auto* write = std::get_if<WriteWork>(&(*operation)->work);
    if (write == nullptr || !write->claim) return operation;
    violations.Add(FieldPath(Path(index), RequestIdOf(element_)->name()),
                   "means nothing inside a batch, which is carried out whole");
    return nullptr;
  }
  if (absl::IsPermissionDenied(operation.status())) {
    return OfElement(operation.status(), Path(index));
  }
  if (broken.empty()) return operation.status();
  if (are_keys()) {
    // The violation of the key's own request is one of the key.
    violations.Add(Path(index), broken.all().front().description);
  } else {
    violations.Append(Path(index), broken);
  }
  return nullptr;
}

std::string BatchElements::Path(int index) const {
  return ElementPath(field_.name(), static_cast<size_t>(index));
}

}  // namespace dataservice
