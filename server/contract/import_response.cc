#include "contract/import_response.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// The fields of one message, each found by name; the fields that are left over would not be
// filled.
class Fields {
 public:
  Fields(const Descriptor& message, const char* what, std::vector<std::string>& problems)
      : message_(message), what_(what), problems_(problems) {}

  // The field of that declaration, `int64 failed_count`; null if there is none.
  const FieldDescriptor* Find(const std::string& type, const std::string& name) {
    const FieldDescriptor* field = Take(name);
    const bool fits = field != nullptr && !field->is_repeated() && TypeOf(*field) == type;
    return fits ? field : Lacks(absl::StrCat(type, " ", name));
  }

  // The field `repeated NAME`, of any message.
  const FieldDescriptor* FindMessages(const std::string& name) {
    const FieldDescriptor* field = Take(name);
    const bool fits = field != nullptr && field->is_repeated() && !field->is_map() &&
                      field->message_type() != nullptr;
    return fits ? field
                : Lacks(absl::StrCat("repeated MESSAGE ", name,
                                     "`, of a message with `int64 position` and "
                                     "`google.rpc.Status status"));
  }

  void RefuseTheRest() {
    for (int i = 0; i < message_.field_count(); ++i) {
      if (taken_.contains(message_.field(i))) continue;
      problems_.push_back(absl::StrCat(what_, "'s field ", message_.field(i)->name(),
                                       " is not set by an import; remove it"));
    }
  }

 private:
  static std::string TypeOf(const FieldDescriptor& field) {
    return field.message_type() != nullptr ? field.message_type()->full_name() : field.type_name();
  }

  const FieldDescriptor* Take(const std::string& name) {
    const FieldDescriptor* field = message_.FindFieldByName(name);
    taken_.insert(field);
    return field;
  }

  const FieldDescriptor* Lacks(const std::string& declaration) {
    problems_.push_back(absl::StrCat(what_, " lacks the field `", declaration, "`"));
    return nullptr;
  }

  const Descriptor& message_;
  const char* const what_;
  std::vector<std::string>& problems_;
  std::set<const FieldDescriptor*> taken_;
};

}  // namespace

std::vector<std::string> ReadImportResponse(const Descriptor& response, ImportMethod& import) {
  std::vector<std::string> problems;
  Fields fields(response, "the response", problems);
  import.imported_count = fields.Find("int64", "imported_count");
  import.failed_count = fields.Find("int64", "failed_count");
  import.failures = fields.FindMessages("failures");
  fields.RefuseTheRest();
  if (import.failures == nullptr) return problems;
  Fields failure(*import.failures->message_type(), "a failure", problems);
  import.failure_position = failure.Find("int64", "position");
  import.failure_status = failure.Find("google.rpc.Status", "status");
  failure.RefuseTheRest();
  return problems;
}

void ResolveImports(const std::vector<std::unique_ptr<Method>>& methods,
                    const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics) {
  for (const auto& import : methods) {
    if (import->kind != MethodKind::kImport) continue;
    auto& fields = std::get<ImportMethod>(import->fields);
    for (const auto& method : methods) {
      if (method->kind == MethodKind::kCreate && method->resource == import->resource &&
          method->descriptor->input_type() == import->descriptor->input_type()) {
        fields.element = method.get();
      }
    }
    if (fields.element != nullptr) continue;
    if (IsOneOf(refused, MethodKind::kCreate, *import->resource)) continue;
    const std::string& name = import->resource->message->name();
    diagnostics.Add(*import->descriptor,
                    absl::StrCat("stores messages as Create", name,
                                 " does, but the contract has no such method that takes ",
                                 import->descriptor->input_type()->full_name(), "; add `rpc Create",
                                 name, "(", import->descriptor->input_type()->name(), ") returns (",
                                 name, ")`, or import a stream of its request"));
  }
}

}  // namespace dataservice
