// A method of the contract that the engine serves.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <variant>
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

struct Method;

// The fields of requests and responses, for each kind of method that has others. Those that
// are optional are null where the request or response lacks them.

struct GetMethod {
  const google::protobuf::FieldDescriptor* key = nullptr;
  const google::protobuf::FieldDescriptor* read_mask = nullptr;  // optional
};

struct ListMethod {
  const google::protobuf::FieldDescriptor* page_size = nullptr;
  const google::protobuf::FieldDescriptor* page_token = nullptr;
  const google::protobuf::FieldDescriptor* filter = nullptr;     // optional
  const google::protobuf::FieldDescriptor* order_by = nullptr;   // optional
  const google::protobuf::FieldDescriptor* read_mask = nullptr;  // optional
  std::vector<EqualityField> equalities;
  // Of the response.
  const google::protobuf::FieldDescriptor* rows = nullptr;
  const google::protobuf::FieldDescriptor* next_page_token = nullptr;
  const google::protobuf::FieldDescriptor* total_size = nullptr;  // optional
};

// Create and Upsert.
struct PutMethod {
  const google::protobuf::FieldDescriptor* body = nullptr;
  // Names the request (AIP-155).
  const google::protobuf::FieldDescriptor* request_id = nullptr;  // optional
};

struct UpdateMethod {
  const google::protobuf::FieldDescriptor* body = nullptr;
  const google::protobuf::FieldDescriptor* update_mask = nullptr;
  const google::protobuf::FieldDescriptor* allow_missing = nullptr;  // optional
  const google::protobuf::FieldDescriptor* request_id = nullptr;     // optional
};

struct DeleteMethod {
  const google::protobuf::FieldDescriptor* key = nullptr;
  const google::protobuf::FieldDescriptor* etag = nullptr;           // optional
  const google::protobuf::FieldDescriptor* allow_missing = nullptr;  // optional
  const google::protobuf::FieldDescriptor* request_id = nullptr;     // optional
};

struct BatchGetMethod {
  const google::protobuf::FieldDescriptor* keys = nullptr;
  const google::protobuf::FieldDescriptor* read_mask = nullptr;  // optional
  // The Get method that reads one key.
  const Method* element = nullptr;
  // Of the response.
  const google::protobuf::FieldDescriptor* rows = nullptr;
};

// BatchCreate, BatchUpdate and BatchDelete.
struct BatchWriteMethod {
  // The elements: whole requests of `element`, or, of a BatchDelete, keys. One of the two.
  const google::protobuf::FieldDescriptor* requests = nullptr;
  const google::protobuf::FieldDescriptor* keys = nullptr;
  const google::protobuf::FieldDescriptor* request_id = nullptr;  // optional
  // The method that writes one element.
  const Method* element = nullptr;
  // Of the response; null for BatchDelete.
  const google::protobuf::FieldDescriptor* rows = nullptr;
};

struct ImportMethod {
  // The Create method of the stream's messages.
  const Method* element = nullptr;
  // Of the response, and of each of its failures.
  const google::protobuf::FieldDescriptor* imported_count = nullptr;
  const google::protobuf::FieldDescriptor* failed_count = nullptr;
  const google::protobuf::FieldDescriptor* failures = nullptr;
  const google::protobuf::FieldDescriptor* failure_position = nullptr;
  const google::protobuf::FieldDescriptor* failure_status = nullptr;
};

struct ExportMethod {
  const google::protobuf::FieldDescriptor* filter = nullptr;  // optional
};

struct CustomMethod {};

using MethodFields =
    std::variant<CustomMethod, GetMethod, ListMethod, PutMethod, UpdateMethod, DeleteMethod,
                 BatchGetMethod, BatchWriteMethod, ImportMethod, ExportMethod>;

// One method. Immutable after the contract is built; thread-safe.
struct Method {
  std::string path;  // "/package.Service/Method"
  MethodKind kind = MethodKind::kCustom;
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  const Resource* resource = nullptr;  // null for a custom method
  MethodFields fields;                 // of the kind
};

// The request's field request_id; null if it has none.
const google::protobuf::FieldDescriptor* RequestIdOf(const Method& method);

// Whether one of `methods` is of that kind and resource, or of that kind and a resource that
// could not be determined.
bool IsOneOf(const std::vector<std::unique_ptr<Method>>& methods, MethodKind kind,
             const Resource& resource);

}  // namespace dataservice
