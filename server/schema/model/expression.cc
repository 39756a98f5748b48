#include "schema/model/expression.h"

#include <algorithm>

#include "postgres/text.h"

namespace dataservice::schema {

Expression Expression::Column(std::string name) {
  Expression out;
  out.parts_.push_back({std::move(name), true});
  return out;
}

void Expression::Append(const absl::AlphaNum& sql) {
  if (sql.size() == 0) return;
  if (parts_.empty() || parts_.back().is_column) parts_.emplace_back();
  parts_.back().text.append(sql.data(), sql.size());
}

void Expression::Append(const Expression& other) {
  for (const Part& part : other.parts_) {
    if (part.is_column) {
      parts_.push_back(part);
    } else {
      Append(part.text);
    }
  }
}

std::string Expression::Sql() const {
  std::string out;
  for (const Part& part : parts_) out += part.is_column ? Identifier(part.text) : part.text;
  return out;
}

std::vector<std::string> Expression::Columns() const {
  std::vector<std::string> out;
  for (const Part& part : parts_) {
    if (part.is_column && std::find(out.begin(), out.end(), part.text) == out.end()) {
      out.push_back(part.text);
    }
  }
  return out;
}

Expression Expression::Renamed(const NameMap& columns) const {
  Expression out = *this;
  for (Part& part : out.parts_) {
    const auto found = part.is_column ? columns.find(part.text) : columns.end();
    if (found != columns.end()) part.text = found->second;
  }
  return out;
}

std::vector<std::string> Renamed(std::vector<std::string> names, const NameMap& columns) {
  for (std::string& name : names) {
    const auto found = columns.find(name);
    if (found != columns.end()) name = found->second;
  }
  return names;
}

}  // namespace dataservice::schema
