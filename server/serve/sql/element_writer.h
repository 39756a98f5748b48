// Rows of a result -> elements of the list in a response, in either form of the response.
#pragma once

#include <memory>
#include <string>

#include "postgres/query_result.h"
#include "serve/json/json_writer.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Not thread-safe. The statement, which has outputs, outlives it.
class ElementWriter {
 public:
  virtual ~ElementWriter() = default;

  // Appends the message of a row as the next element, with the fields that the statement returns.
  // Returns false if the contract, or JSON, cannot express a value of the row; `column` is then
  // its name, and `out` is not complete.
  virtual bool Append(ResultRow row, std::string& out, std::string& column) = 0;
};

// Writes elements of the repeated field `number` in Protobuf's binary form if `json` is null.
// Otherwise writes JSON with commas between the elements; `json`, which outlives the result, is of
// the resource's message.
std::unique_ptr<ElementWriter> MakeElementWriter(const Statement& statement, int number,
                                                 const JsonWriter* json);

}  // namespace dataservice
