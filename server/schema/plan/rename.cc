#include "schema/plan/rename.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/digest.h"
#include "schema/model/model.h"

namespace dataservice {
namespace {

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsNamePart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The position behind the quoted text that begins at `i`; a doubled quote is
// within it.
size_t AfterQuoted(std::string_view sql, size_t i) {
  const char quote = sql[i];
  for (++i; i < sql.size(); ++i) {
    if (sql[i] != quote) continue;
    if (i + 1 < sql.size() && sql[i + 1] == quote) {
      ++i;
    } else {
      return i + 1;
    }
  }
  return sql.size();
}

std::string Renamed(const std::string& name, const NameMap& columns) {
  const auto found = columns.find(name);
  return Identifier(found == columns.end() ? name : found->second);
}

// An identifier as SQL writes it, without its quotes.
std::string Bare(std::string_view identifier) {
  if (identifier.size() >= 2 && identifier.front() == '"') {
    identifier = identifier.substr(1, identifier.size() - 2);
  }
  return std::string(identifier);
}

}  // namespace

std::string RenameColumns(std::string_view sql, const NameMap& columns) {
  std::string out;
  size_t i = 0;
  while (i < sql.size()) {
    const size_t begin = i;
    if (sql[i] == '\'') {
      i = AfterQuoted(sql, i);
    } else if (sql[i] == '"') {
      i = AfterQuoted(sql, i);
      out += Renamed(Bare(sql.substr(begin, i - begin)), columns);
      continue;
    } else if (IsNameStart(sql[i])) {
      while (i < sql.size() && IsNamePart(sql[i])) ++i;
      const std::string_view word = sql.substr(begin, i - begin);
      const bool follows = begin > 0 && (sql[begin - 1] == '.' || sql[begin - 1] == ':');
      const bool function = i < sql.size() && sql[i] == '(';
      if (!follows && !function && columns.contains(std::string(word))) {
        out += Renamed(std::string(word), columns);
        continue;
      }
    } else {
      ++i;
    }
    out += sql.substr(begin, i - begin);
  }
  return out;
}

std::string RenameForeignKey(const std::string& definition, const NameMap& columns,
                             const std::map<std::string, TableNames>& tables) {
  constexpr std::string_view kReferences = " REFERENCES ";
  const size_t references = definition.find(kReferences);
  if (references == std::string::npos) return definition;
  const size_t target = references + kReferences.size();
  const size_t open = definition.find(" (", target);
  const size_t close = definition.find(')', open);
  if (open == std::string::npos || close == std::string::npos) return definition;
  std::string out = RenameColumns(definition.substr(0, references), columns);
  const std::string table = definition.substr(target, open - target);
  const auto found = tables.find(table);
  if (found == tables.end()) return out + definition.substr(references);
  absl::StrAppend(&out, View(kReferences), found->second.table,
                  RenameColumns(definition.substr(open, close - open), found->second.columns),
                  definition.substr(close));
  return out;
}

std::vector<std::pair<std::string, std::string>> RenameSequence(NameMap wanted) {
  std::vector<std::pair<std::string, std::string>> out;
  std::erase_if(wanted, [](const auto& pair) { return pair.first == pair.second; });
  while (!wanted.empty()) {
    const auto free = std::find_if(wanted.begin(), wanted.end(),
                                   [&](const auto& pair) { return !wanted.contains(pair.second); });
    if (free != wanted.end()) {
      out.push_back(*free);
      wanted.erase(free);
      continue;
    }
    const auto [from, to] = *wanted.begin();
    const std::string aside = ObjectName(absl::StrCat(from, "_", ShortDigest(from)));
    out.emplace_back(from, aside);
    wanted.erase(wanted.begin());
    wanted.emplace(aside, to);
  }
  return out;
}

}  // namespace dataservice
