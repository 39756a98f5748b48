#include "schema/model/stored_check.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "postgres/text.h"

namespace dataservice::schema {
namespace {

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsNamePart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The position after the quoted text that begins at `i`. A doubled quote is part of the text.
size_t AfterQuoted(std::string_view sql, size_t i) {
  const char quote = sql[i];
  for (++i; i < sql.size(); ++i) {
    if (sql[i] != quote) continue;
    if (i + 1 == sql.size() || sql[i + 1] != quote) return i + 1;
    ++i;
  }
  return sql.size();
}

// The position after the token that begins at `i`: a quoted text, a word or one character.
size_t AfterToken(std::string_view sql, size_t i) {
  if (sql[i] == '\'' || sql[i] == '"') return AfterQuoted(sql, i);
  if (!IsNameStart(sql[i])) return i + 1;
  while (i < sql.size() && IsNamePart(sql[i])) ++i;
  return i;
}

// The column that the token from `begin` to `end` refers to; empty for any other token.
std::string ColumnAt(std::string_view sql, size_t begin, size_t end,
                     const std::vector<std::string>& columns) {
  std::string_view name = sql.substr(begin, end - begin);
  if (name.front() == '"' && name.size() > 2) {
    name = name.substr(1, name.size() - 2);
  } else if (IsNameStart(name.front())) {
    const bool qualified = begin > 0 && (sql[begin - 1] == '.' || sql[begin - 1] == ':');
    const bool function = end < sql.size() && sql[end] == '(';
    if (qualified || function) return "";
  } else {
    return "";
  }
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? "" : *found;
}

}  // namespace

std::optional<Check> ReadStoredCheck(std::string_view text, std::vector<std::string> columns) {
  constexpr std::string_view kBegin = "CHECK (";
  if (!text.starts_with(kBegin) || !text.ends_with(')')) return std::nullopt;
  const std::string_view sql = text.substr(kBegin.size(), text.size() - kBegin.size() - 1);
  Check check;
  for (size_t begin = 0, end = 0; begin < sql.size(); begin = end) {
    end = AfterToken(sql, begin);
    const std::string column = ColumnAt(sql, begin, end, columns);
    if (column.empty()) {
      check.condition.Append(View(sql.substr(begin, end - begin)));
    } else {
      check.condition.Append(Expression::Column(column));
    }
  }
  check.columns = std::move(columns);
  return check;
}

}  // namespace dataservice::schema
