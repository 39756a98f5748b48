#include "serve/sql/row_writer.h"

#include "serve/values/decode.h"
#include "serve/values/etag.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

constexpr size_t kEtagSize = 14;  // characters of an etag of this century

}  // namespace

RowWriter::RowWriter(const Statement& statement)
    : statement_(statement), resource_(ResourceOf(statement.shape)) {
  const ReadMask* const mask = ReadMaskOf(statement.shape);
  if (mask != nullptr ? mask->etag : resource_.etag != nullptr) {
    version_ = &resource_.column(resource_.update_time);
  }
}

bool RowWriter::Append(ResultRow row, int first, std::string& out, std::string& column) const {
  std::string_view version;
  int nulls = 0;  // in the columns that the version counts
  int next = first;
  for (const Output& output : statement_.outputs) {
    const int value = next++;
    const std::string_view text = row.text(value);
    if (text.empty() && row.is_null(value)) {
      if (output.counted) ++nulls;
      continue;
    }
    if (output.answered &&
        !WriteField(*output.column, text, *resource_.prototype, output.sub_fields, out)) {
      column = output.column->name;
      return false;
    }
    if (output.column == version_) version = text;
  }
  if (!version.empty()) {
    Instant time;
    OpenField etag(resource_.etag->number(), kEtagSize, out);
    if (ParseTimestamp(version, time)) AppendEtag(time, nulls, out);
    etag.Close();
  }
  return true;
}

bool RowWriter::AppendElement(ResultRow row, int number, std::string& out, std::string& column,
                              size_t& size) const {
  OpenField element(number, size, out);
  if (!Append(row, statement_.first_column, out, column)) return false;
  size = element.Close();
  return true;
}

}  // namespace dataservice
