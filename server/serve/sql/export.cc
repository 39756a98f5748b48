// Export: pages in the order of the key that end after so many rows, or with
// the row that crosses the limit of bytes. The list's statement has no such end:
// a thousand rows of a megabyte would be a gigabyte in memory at once.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine_limits.h"
#include "postgres/text.h"
#include "serve/sql/keyset.h"
#include "serve/sql/page_query.h"
#include "serve/sql/statement.h"

namespace dataservice {
namespace {

// Names with a blank, which no field has.
constexpr char kRowBytes[] = "\"row bytes\"";
constexpr char kBytesBefore[] = "\"bytes before\"";

// How long a row's values are in a result, as far as they have no limit by their
// type. The length of a stored text costs no read of the text (it is in its
// TOAST pointer); jsonb and arrays are read.
std::string RowBytes(const Resource& resource) {
  std::vector<std::string> terms = {"100::bigint"};
  for (const Column& column : resource.columns) {
    const std::string name = ColumnName("t", column);
    switch (column.array ? TextLength::kCast : column.traits().length) {
      case TextLength::kLimited:
        break;
      case TextLength::kOctets:
        terms.push_back(absl::StrCat("coalesce(octet_length(", name, "), 0)"));
        break;
      case TextLength::kHex:
        terms.push_back(absl::StrCat("2 * coalesce(octet_length(", name, "), 0)"));
        break;
      case TextLength::kCast:
        terms.push_back(absl::StrCat("coalesce(octet_length(", name, "::text), 0)"));
        break;
    }
  }
  return absl::StrJoin(terms, " + ");
}

}  // namespace

Statement BuildExport(const ExportShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape, .key_column = resource.key, .first_column = 0};
  PageQuery query(statement, resource);
  const std::vector<OrderTerm> by_key = ExportOrder(shape);
  std::vector<std::string> conditions;
  if (shape.after_key) {
    conditions.push_back(query.After(by_key, std::vector<bool>(by_key.size(), true)));
  }
  const std::vector<std::string> filter = query.Restrictions(shape.columns, shape.condition);
  conditions.insert(conditions.end(), filter.begin(), filter.end());
  const std::string order = absl::StrCat(" ORDER BY ", OrderList(resource, by_key, "t"));
  const std::string page = absl::StrCat("SELECT t.*, ", RowBytes(resource), " AS ", kRowBytes,
                                        " FROM ", TableName(resource), " AS t", Where(conditions),
                                        order, " LIMIT ", query.Add("bigint"));
  const std::string summed =
      absl::StrCat("SELECT t.*, sum(t.", kRowBytes, ") OVER (", order.substr(1),
                   " ROWS UNBOUNDED PRECEDING) - t.", kRowBytes, " AS ", kBytesBefore, " FROM (",
                   page, ") AS t");
  statement.text = absl::StrCat("SELECT ", OutputList(resource, "t"), " FROM (", summed,
                                ") AS t WHERE t.", kBytesBefore, " < ", kMaxExportBytes, order);
  return statement;
}

}  // namespace dataservice
