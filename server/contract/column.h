// What a field of a resource is as a column of its table.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>

#include "buf/validate/validate.pb.h"
#include "storage/v1/storage.pb.h"

namespace dataservice {

struct Resource;

// How PostgreSQL holds a value. The names follow PostgreSQL's types, except
// where one type is used in two ways (an enum is an integer).
enum class ColumnType {
  kText,       // text, or varchar(max_length)
  kUuid,       // uuid
  kBoolean,    // boolean
  kInteger,    // integer
  kBigint,     // bigint
  kNumeric,    // numeric(20): every uint64
  kReal,       // real
  kDouble,     // double precision
  kBytea,      // bytea
  kEnum,       // integer, the enum's number
  kTimestamp,  // timestamptz, microseconds
  kInterval,   // interval, microseconds
  kDate,       // date
  kJsonb,      // jsonb, ProtoJSON
};

// Who gives the column its value.
enum class ColumnOrigin {
  kClient,      // requests
  kCreateTime,  // the time of creation (AIP-148)
  kUpdateTime,  // the time of the last change (AIP-148), strictly growing
  kDatabase,    // OUTPUT_ONLY otherwise: a default, a trigger or the database team
};

// A foreign key.
struct Reference {
  const Resource* resource = nullptr;
  storage::v1::OnDelete on_delete = storage::v1::ON_DELETE_RESTRICT;
};

// One column. Immutable after the contract is built; thread-safe.
struct Column {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string name;  // of field and column
  int number = 0;    // of the field: the column's identity
  ColumnType type = ColumnType::kText;
  bool array = false;    // a repeated scalar
  bool wrapper = false;  // a google.protobuf wrapper message around the value
  int max_length = 0;    // of varchar, in characters; 0 is text
  bool nullable = false;
  // An implicit-presence field whose zero value is NULL (uuids, references).
  bool zero_is_null = false;
  bool required = false;
  bool immutable = false;  // IMMUTABLE, or the key
  ColumnOrigin origin = ColumnOrigin::kClient;
  buf::validate::FieldRules rules;
  std::optional<Reference> reference;
};

// The type's name in DDL and casts, without array brackets and length:
// "varchar" and "text" are both "text".
std::string_view BaseTypeName(ColumnType type);

// The type as DDL writes it: "varchar(200)", "integer[]".
std::string DdlTypeName(const Column& column);

// The type of one value in a statement's parameters and casts: "text",
// "integer[]".
std::string ValueTypeName(const Column& column);

}  // namespace dataservice
