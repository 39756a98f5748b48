#include "serve/sql/row_version.h"

#include "postgres/time_text.h"
#include "serve/values/etag.h"

namespace dataservice {

RowVersion::RowVersion(const Statement& statement) : statement_(statement) {
  const Resource& resource = ResourceOf(statement.shape);
  const ReadMask* const mask = ReadMaskOf(statement.shape);
  if (mask != nullptr ? !mask->etag : resource.etag == nullptr) return;
  const Column* const version = &resource.column(resource.update_time);
  for (size_t i = 0; i < statement.outputs.size(); ++i) {
    if (statement.outputs[i].column == version) position_ = static_cast<int>(i);
  }
}

bool RowVersion::AppendEtagOf(ResultRow row, int first, std::string& out) const {
  if (position_ < 0 || row.is_null(first + position_)) return false;
  int nulls = 0;
  int column = first;
  for (const Output& output : statement_.outputs) {
    if (output.counted && row.is_null(column)) ++nulls;
    ++column;
  }
  Instant version;
  if (ParseTimestamp(row.text(first + position_), version)) {
    AppendEtag(version, nulls, out);
  }
  return true;
}

}  // namespace dataservice
