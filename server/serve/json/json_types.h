// What the JSON of a type of message needs of its descriptor, looked up once.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/values/wire_reader.h"

namespace dataservice {

// How a value of the field is written, unless it is packed.
WireType WireTypeOf(const google::protobuf::FieldDescriptor& field);

// The messages of google.protobuf that have a form of their own in JSON.
enum class JsonForm {
  kObject,  // all others: an object of the fields
  kAny,
  kDuration,
  kFieldMask,
  kListValue,
  kStruct,
  kTimestamp,
  kValue,
  kWrapper,  // BoolValue, ...: the JSON of the value
};

struct JsonType;

struct JsonField {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string key;  // "\"name\":"
  // Of a map its values' field, else the field itself.
  const google::protobuf::FieldDescriptor* value = nullptr;
  const JsonType* message = nullptr;  // of the values; null if they are none
  WireType wire_type = WireType::kVarint;
  bool presence = false;
  bool computed = false;
  int oneof = -1;    // position of its oneof, unless that is synthetic
  std::string zero;  // what is written if the field is unset; empty with presence
};

struct JsonType {
  const google::protobuf::Descriptor* message = nullptr;
  JsonForm form = JsonForm::kObject;
  std::vector<JsonField> fields;  // in the order of the descriptor
  // The position of a field in `fields`, by number; -1 for unknown ones. Numbers at or
  // above its size are in `by_large_number`.
  std::vector<int> by_number;
  absl::flat_hash_map<int, int> by_large_number;

  // The position of the field with that number; -1 if none has it.
  int Find(int number) const;
};

// Types, made when they are first asked for. Thread-safe. What it returns lives as long.
class JsonTypes {
 public:
  const JsonType& Get(const google::protobuf::Descriptor& message);

 private:
  JsonType& Make(const google::protobuf::Descriptor& message) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<JsonType>> types_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
