#include "sql/row_writer.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include "values/decode.h"
#include "values/etag.h"

namespace dataservice {

using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

RowWriter::RowWriter(const Statement& statement)
    : statement_(statement), resource_(*statement.shape.resource) {
  const auto& mask = statement.shape.read_mask;
  if (mask ? mask->etag : resource_.etag != nullptr) {
    version_ = &resource_.columns[static_cast<size_t>(resource_.update_time)];
  }
}

bool RowWriter::Append(const pqxx::row& row, int first, std::string& out,
                       std::string& column) const {
  StringOutputStream stream(&out);
  CodedOutputStream coded(&stream);
  auto position = static_cast<pqxx::row::size_type>(first);
  for (const Output& output : statement_.outputs) {
    const auto value = row[position++];
    if (value.is_null()) continue;
    const std::string_view text(value.c_str(), value.size());
    if (output.answered &&
        !WriteField(*output.column, text, *resource_.prototype, output.sub_fields, coded)) {
      column = output.column->name;
      return false;
    }
    if (output.column == version_) {
      Instant time;
      std::string etag;
      if (ParseTimestamp(text, time)) AppendEtag(time, etag);
      google::protobuf::internal::WireFormatLite::WriteString(resource_.etag->number(), etag,
                                                              &coded);
    }
  }
  return true;
}

std::string_view TextOf(const pqxx::row& row, int column) {
  const auto field = row[column];
  return {field.c_str(), field.size()};
}

void AppendRepeated(int field_number, const std::string& message, std::string& out) {
  StringOutputStream stream(&out);
  CodedOutputStream coded(&stream);
  google::protobuf::internal::WireFormatLite::WriteBytes(field_number, message, &coded);
}

}  // namespace dataservice
