// Tables that no message of the contract describes.
#pragma once

#include <string>
#include <string_view>

#include "schema/model/model.h"

namespace dataservice::schema {

// Builds such a table column by column. All columns are NOT NULL.
class OwnTable {
 public:
  OwnTable(const std::string& schema, std::string_view name);

  OwnTable& Add(const std::string& column, const std::string& type,
                const std::string& default_value = "");
  OwnTable& PrimaryKey(const std::string& column);
  OwnTable& Index(const std::string& column);

  SchemaTable table;
};

}  // namespace dataservice::schema
