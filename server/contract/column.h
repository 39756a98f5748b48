// A field of a resource as a column of its table.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>

#include "buf/validate/validate.pb.h"
#include "contract/column_type.h"
#include "storage/v1/storage.pb.h"

namespace dataservice {

struct Resource;

// The source of a column's value.
enum class ColumnOrigin {
  kClient,      // requests
  kCreateTime,  // the server: the time of creation (AIP-148)
  kUpdateTime,  // the server: the time of the last change (AIP-148); strictly increasing
  kOwner,       // the server: the owner of the row, from the identity of the caller
  kDatabase,    // any other OUTPUT_ONLY field: a default, a trigger or the database team
};

// A foreign key.
struct Reference {
  const Resource* resource = nullptr;
  storage::v1::OnDelete on_delete = storage::v1::ON_DELETE_RESTRICT;
};

// One column. Immutable after the contract is built; thread-safe.
struct Column {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // The field that holds the value: `field`, or the one inside its wrapper message.
  const google::protobuf::FieldDescriptor* value = nullptr;
  std::string name;  // of field and column
  int number = 0;    // of the field; identifies the column when it is renamed
  ColumnType type = ColumnType::kText;
  bool array = false;  // a repeated scalar
  int max_length = 0;  // of varchar, in characters; 0 is text
  bool nullable = false;
  // An implicit-presence field whose zero value is NULL (uuids, references).
  bool zero_is_null = false;
  bool required = false;
  bool immutable = false;  // IMMUTABLE, or the key
  ColumnOrigin origin = ColumnOrigin::kClient;
  buf::validate::FieldRules rules;
  std::optional<Reference> reference;

  const ColumnTraits& traits() const { return TraitsOf(type); }
  // Whether the field is a message of google/protobuf/wrappers.proto around the value.
  bool is_wrapper() const { return value != field; }
  // Of a number, or of each number of an array.
  bool is_integer() const { return traits().number == NumberKind::kInteger; }
  bool is_float() const { return traits().number == NumberKind::kFloat; }
  // Whether the column can be compared as a whole.
  bool is_comparable() const { return !array && traits().comparable; }
};

// The type as DDL writes it: "varchar(200)", "integer[]".
std::string DdlTypeName(const Column& column);

// The type of one value in a statement's parameters and casts: "text",
// "integer[]".
std::string ValueTypeName(const Column& column);

}  // namespace dataservice
