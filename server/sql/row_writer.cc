#include "sql/row_writer.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/wire_format_lite.h>

#include "values/decode.h"
#include "values/etag.h"

namespace dataservice {

using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

RowWriter::RowWriter(const Resource& resource)
    : resource_(resource),
      prototype_(
          *google::protobuf::MessageFactory::generated_factory()->GetPrototype(resource.message)) {}

bool RowWriter::Append(const pqxx::row& row, int first, std::string& out,
                       std::string& column) const {
  StringOutputStream stream(&out);
  CodedOutputStream coded(&stream);
  for (size_t i = 0; i < resource_.columns.size(); ++i) {
    const auto value =
        row[static_cast<pqxx::row::size_type>(first) + static_cast<pqxx::row::size_type>(i)];
    if (value.is_null()) continue;
    const std::string_view text(value.c_str(), value.size());
    if (!WriteField(resource_.columns[i], text, prototype_, coded)) {
      column = resource_.columns[i].name;
      return false;
    }
    if (static_cast<int>(i) == resource_.update_time && resource_.etag != nullptr) {
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
