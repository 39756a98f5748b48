#include "serve/sql/row_writer.h"

#include "serve/values/decode.h"
#include "serve/values/wire.h"

namespace dataservice {

RowWriter::RowWriter(const Statement& statement)
    : statement_(statement), resource_(ResourceOf(statement.shape)), version_(statement) {}

bool RowWriter::Append(ResultRow row, int first, std::string& out, std::string& column) const {
  int next = first;
  for (const Output& output : statement_.outputs) {
    const int value = next++;
    if (!output.answered) continue;
    const std::string_view text = row.text(value);
    if (text.empty() && row.is_null(value)) continue;
    if (!WriteField(*output.column, text, *resource_.prototype, output.sub_fields, out)) {
      column = output.column->name;
      return false;
    }
  }
  std::string etag;
  if (version_.AppendEtagOf(row, first, etag)) AppendField(resource_.etag->number(), etag, out);
  return true;
}

}  // namespace dataservice
