// A method of the contract that the engine serves.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <vector>

#include "contract/resource.h"

namespace dataservice {

// The standard methods (AIP-131 to AIP-135, and Upsert, the PUT of REST), the
// batch methods (AIP-231, 233 to 235), the streams of many rows, and custom ones
// (AIP-136), which the program serves by hand (serve/custom/custom_methods.h).
enum class MethodKind {
  kGet,
  kList,
  kCreate,
  kUpdate,
  kUpsert,
  kDelete,
  kBatchGet,
  kBatchCreate,
  kBatchUpdate,
  kBatchDelete,
  kImport,
  kExport,
  kCustom,
};

// Whether the method does many times, all or nothing, what another one does.
constexpr bool IsBatch(MethodKind kind) {
  return kind == MethodKind::kBatchGet || kind == MethodKind::kBatchCreate ||
         kind == MethodKind::kBatchUpdate || kind == MethodKind::kBatchDelete;
}

// A request field that restricts a list to the rows with its value.
struct EqualityField {
  const google::protobuf::FieldDescriptor* field = nullptr;
  int column = -1;
};

// One method. Fields that its request or response lacks are null. Immutable
// after the contract is built; thread-safe.
struct Method {
  std::string path;  // "/package.Service/Method"
  MethodKind kind = MethodKind::kGet;
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  const Resource* resource = nullptr;  // null for a custom method

  // Request fields.
  const google::protobuf::FieldDescriptor* key = nullptr;          // Get, Delete
  const google::protobuf::FieldDescriptor* body = nullptr;         // Create, Update, Upsert
  const google::protobuf::FieldDescriptor* update_mask = nullptr;  // Update
  const google::protobuf::FieldDescriptor* etag = nullptr;         // Delete, optional
  // Update and Delete, optional.
  const google::protobuf::FieldDescriptor* allow_missing = nullptr;
  // Writes and batches of writes, optional: names the request (AIP-155).
  const google::protobuf::FieldDescriptor* request_id = nullptr;
  const google::protobuf::FieldDescriptor* page_size = nullptr;   // List
  const google::protobuf::FieldDescriptor* page_token = nullptr;  // List
  const google::protobuf::FieldDescriptor* filter = nullptr;      // List, Export, optional
  const google::protobuf::FieldDescriptor* order_by = nullptr;    // List, optional
  const google::protobuf::FieldDescriptor* read_mask = nullptr;   // Get, List, BatchGet
  std::vector<EqualityField> equalities;                          // List
  // Batch: what each element is, a key or a whole request of `element`, the
  // method that does it once. Import: the Create method of its messages.
  const google::protobuf::FieldDescriptor* keys = nullptr;      // or null
  const google::protobuf::FieldDescriptor* requests = nullptr;  // or null
  const Method* element = nullptr;

  // Response fields of a list; the rows also of a batch, except BatchDelete.
  const google::protobuf::FieldDescriptor* rows = nullptr;
  const google::protobuf::FieldDescriptor* next_page_token = nullptr;
  const google::protobuf::FieldDescriptor* total_size = nullptr;  // optional

  // Response fields of an import, and of each of its failures.
  const google::protobuf::FieldDescriptor* imported_count = nullptr;
  const google::protobuf::FieldDescriptor* failed_count = nullptr;
  const google::protobuf::FieldDescriptor* failures = nullptr;
  const google::protobuf::FieldDescriptor* failure_position = nullptr;
  const google::protobuf::FieldDescriptor* failure_status = nullptr;
};

// Whether one of `methods` does `kind` to `resource`, or to one that is not clear.
bool IsOneOf(const std::vector<std::unique_ptr<Method>>& methods, MethodKind kind,
             const Resource& resource);

}  // namespace dataservice
