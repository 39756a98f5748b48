#include "values/literals.h"

#include <algorithm>

namespace dataservice {

void ArrayLiteral::Add(std::optional<std::string_view> element) {
  if (!first_) out_ += ',';
  first_ = false;
  if (!element) {
    out_ += "NULL";
    return;
  }
  if (!quote_) {
    out_ += *element;
    return;
  }
  out_ += '"';
  size_t copied = 0;
  for (size_t i = 0; i < element->size(); ++i) {
    const char c = (*element)[i];
    if (c != '"' && c != '\\') continue;
    out_.append(*element, copied, i - copied);
    out_ += '\\';
    copied = i;
  }
  out_.append(*element, copied);
  out_ += '"';
}

ArrayReader::ArrayReader(std::string_view text)
    : rest_(text), ok_(text.size() >= 2 && text.front() == '{' && text.back() == '}') {
  if (!ok_) return;
  rest_.remove_prefix(1);
  rest_.remove_suffix(1);
}

bool ArrayReader::Next(std::string& element) {
  while (ok_ && !rest_.empty()) {
    element.clear();
    const bool quoted = rest_.front() == '"';
    size_t i = quoted ? 1 : 0;
    for (; i < rest_.size(); ++i) {
      char c = rest_[i];
      if (quoted ? c == '"' : c == ',') break;
      if (c == '\\' && i + 1 < rest_.size()) c = rest_[++i];
      element += c;
    }
    if (quoted) {
      if (i >= rest_.size()) ok_ = false;
      ++i;
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
    if (quoted || element != "NULL") return ok_;
  }
  return false;
}

}  // namespace dataservice
