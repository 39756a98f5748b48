// A message of the contract that is stored: a table.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice {

// An index that the contract declares. The key column that ends an index that
// is not unique is part of `columns`.
struct Index {
  std::vector<int> columns;  // positions in Resource::columns
  bool unique = false;
};

// One resource. Immutable after the contract is built; thread-safe.
struct Resource {
  const google::protobuf::Descriptor* message = nullptr;
  std::string schema;
  std::string table;
  std::vector<Column> columns;  // in the order of the fields
  int key = -1;                 // position of the key's column
  int create_time = -1;         // positions, or -1
  int update_time = -1;
  const google::protobuf::FieldDescriptor* etag = nullptr;  // or null
  std::vector<Index> indexes;
  // A method of it takes a request_id, so that its schema has a table of claims.
  bool claims = false;

  const Column& key_column() const { return columns[static_cast<size_t>(key)]; }
  // Position of the column of that name, or -1.
  int Find(std::string_view name) const;
  // Position of the column of that field, or -1.
  int Find(const google::protobuf::FieldDescriptor* field) const;
};

}  // namespace dataservice
