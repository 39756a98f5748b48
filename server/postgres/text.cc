#include "postgres/text.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace dataservice {
namespace {

// PostgreSQL manual, appendix C: reserved, and reserved except as function or
// type name. Sorted.
constexpr std::array<std::string_view, 101> kReserved = {"all",
                                                         "analyse",
                                                         "analyze",
                                                         "and",
                                                         "any",
                                                         "array",
                                                         "as",
                                                         "asc",
                                                         "asymmetric",
                                                         "authorization",
                                                         "binary",
                                                         "both",
                                                         "case",
                                                         "cast",
                                                         "check",
                                                         "collate",
                                                         "collation",
                                                         "column",
                                                         "concurrently",
                                                         "constraint",
                                                         "create",
                                                         "cross",
                                                         "current_catalog",
                                                         "current_date",
                                                         "current_role",
                                                         "current_schema",
                                                         "current_time",
                                                         "current_timestamp",
                                                         "current_user",
                                                         "default",
                                                         "deferrable",
                                                         "desc",
                                                         "distinct",
                                                         "do",
                                                         "else",
                                                         "end",
                                                         "except",
                                                         "false",
                                                         "fetch",
                                                         "for",
                                                         "foreign",
                                                         "freeze",
                                                         "from",
                                                         "full",
                                                         "grant",
                                                         "group",
                                                         "having",
                                                         "ilike",
                                                         "in",
                                                         "initially",
                                                         "inner",
                                                         "intersect",
                                                         "into",
                                                         "is",
                                                         "isnull",
                                                         "join",
                                                         "lateral",
                                                         "leading",
                                                         "left",
                                                         "like",
                                                         "limit",
                                                         "localtime",
                                                         "localtimestamp",
                                                         "natural",
                                                         "not",
                                                         "notnull",
                                                         "null",
                                                         "offset",
                                                         "on",
                                                         "only",
                                                         "or",
                                                         "order",
                                                         "outer",
                                                         "overlaps",
                                                         "placing",
                                                         "primary",
                                                         "references",
                                                         "returning",
                                                         "right",
                                                         "select",
                                                         "session_user",
                                                         "similar",
                                                         "some",
                                                         "symmetric",
                                                         "system_user",
                                                         "table",
                                                         "tablesample",
                                                         "then",
                                                         "to",
                                                         "trailing",
                                                         "true",
                                                         "union",
                                                         "unique",
                                                         "user",
                                                         "using",
                                                         "variadic",
                                                         "verbose",
                                                         "when",
                                                         "where",
                                                         "window",
                                                         "with"};
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

bool IsPlain(std::string_view name) {
  if (name.empty() || !(name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z'))) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

}  // namespace

std::string Identifier(std::string_view name) {
  if (IsPlain(name) && !std::binary_search(kReserved.begin(), kReserved.end(), name)) {
    return std::string(name);
  }
  return absl::StrCat("\"", absl::StrReplaceAll(View(name), {{"\"", "\"\""}}), "\"");
}

std::string Literal(std::string_view text) {
  const std::string quoted = absl::StrReplaceAll(View(text), {{"'", "''"}, {"\\", "\\\\"}});
  // E'' has the same meaning under every setting of standard_conforming_strings.
  return absl::StrCat(text.find('\\') == std::string_view::npos ? "'" : "E'", quoted, "'");
}

std::string QualifiedName(std::string_view schema, std::string_view name) {
  return absl::StrCat(Identifier(schema), ".", Identifier(name));
}

std::string TableName(const Resource& resource) {
  return QualifiedName(resource.schema, resource.table);
}

std::string ColumnName(std::string_view alias, const Column& column) {
  return absl::StrCat(View(alias), ".", Identifier(column.name));
}

std::string OutputExpression(const Column& column, const std::string& name) {
  const std::string_view send = column.traits().send;
  if (send.empty()) return name;
  return absl::StrCat("encode(", column.array ? "array_send" : View(send), "(", name, "), 'hex')");
}

std::vector<std::string> Outputs(const Resource& resource, std::string_view alias) {
  std::vector<std::string> out;
  for (const Column& column : resource.columns) {
    out.push_back(OutputExpression(column, ColumnName(alias, column)));
  }
  return out;
}

std::string OutputList(const Resource& resource, std::string_view alias) {
  return absl::StrJoin(Outputs(resource, alias), ", ");
}

std::string VersionTime(const Resource& resource, std::string_view alias) {
  const std::string time = ColumnName(alias, resource.column(resource.update_time));
  std::vector<std::string> references;
  for (const int i : resource.SetNullColumns()) {
    references.push_back(ColumnName(alias, resource.column(i)));
  }
  if (references.empty()) return time;
  return absl::StrCat(time, " + num_nulls(", absl::StrJoin(references, ", "),
                      ") * interval '1 microsecond'");
}

std::string NextUpdateTime(const Resource& resource, std::string_view alias) {
  const Column& column = resource.column(resource.update_time);
  const size_t references = resource.SetNullColumns().size();
  const std::string step =
      references == 0 ? "1 microsecond" : absl::StrCat(references + 1, " microseconds");
  return absl::StrCat("greatest(clock_timestamp(), ", ColumnName(alias, column), " + interval '",
                      step, "')");
}

std::string ZeroLiteral(const Column& column) {
  if (column.array) return "'{}'";
  if (column.type == ColumnType::kJsonb && column.field->is_repeated()) {
    return column.field->is_map() ? "'{}'::jsonb" : "'[]'::jsonb";
  }
  return std::string(column.traits().zero);
}

}  // namespace dataservice
