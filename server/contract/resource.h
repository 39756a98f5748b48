// Resources: the messages of the contract that are stored as rows of tables.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice {

// An index that the contract declares. `columns` includes the key column that the engine appends
// to an index that is not unique. An index of a resource with private rows
// begins with the owner's column, and so does a unique index of one with public rows, unless it is
// unique across owners.
struct Index {
  std::vector<int> columns;  // positions in Resource::columns
  bool unique = false;
};

// A field that is not stored. Reads that name it compute it from the rows of `source` that refer
// to the row (storage.v1.Computed).
struct ComputedField {
  Column column;  // the type of the value; not a column of a table
  storage::v1::Function function = storage::v1::FUNCTION_UNSPECIFIED;
  const Resource* source = nullptr;
  int reference = -1;  // position in source->columns: the column that refers
  int operand = -1;    // position in source->columns; -1 for FUNCTION_COUNT
};

// A foreign key that refers to a resource.
struct Referrer {
  const Resource* resource = nullptr;  // that has the column
  int column = -1;                     // position in resource->columns
};

// One resource. Immutable after the contract is built; thread-safe.
struct Resource {
  const google::protobuf::Descriptor* message = nullptr;
  // The generated class's; null where the message is not linked into the program.
  const google::protobuf::Message* prototype = nullptr;
  std::string schema;
  std::string table;
  std::vector<Column> columns;  // in the order of the fields
  int key = -1;                 // position of the key's column
  int create_time = -1;         // positions, or -1
  int update_time = -1;
  int owner = -1;
  // The claim that has the owner (storage.v1.Owner); empty without an owner.
  std::string owner_claim;
  // Reads are of the rows of all owners (storage.v1.Owner.public_read).
  bool public_read = false;
  const google::protobuf::FieldDescriptor* etag = nullptr;  // or null
  std::vector<Index> indexes;
  // One of its methods has a request_id, so its schema has a table of claims.
  bool claims = false;
  std::vector<ComputedField> computed;  // in the order of the fields
  std::vector<Referrer> referrers;

  // The column at a valid position: `key`, or one that Find() returned.
  const Column& column(int position) const { return columns[static_cast<size_t>(position)]; }
  const Column& key_column() const { return column(key); }
  // Each row belongs to a caller, and each statement that writes is restricted to the rows of its
  // callers.
  bool has_owner() const { return owner >= 0; }
  // Statements that read are restricted as well. Each owner then has its own keys.
  bool is_private() const { return has_owner() && !public_read; }
  const Column& owner_column() const { return column(owner); }
  // Positions of the columns of the primary key: the owner, if the rows are private, and the key.
  std::vector<int> PrimaryKey() const;
  // Positions of the columns that the deletion of another row sets to NULL.
  std::vector<int> SetNullColumns() const;
  // Position of the column of that name, or -1.
  int Find(std::string_view name) const;
  // Position of the column of that field, or -1.
  int Find(const google::protobuf::FieldDescriptor* field) const;
  // Position of the computed field of that name, or -1.
  int FindComputed(std::string_view name) const;
};

// The resource whose message has that name, in the package of `from` or fully qualified. Null if
// none exists.
const Resource* FindByName(const std::vector<std::unique_ptr<Resource>>& resources,
                           const std::string& name, const google::protobuf::Descriptor& from);

}  // namespace dataservice
