#include "postgres/literals.h"

#include <algorithm>

#include "postgres/number_text.h"

namespace dataservice {
namespace {

constexpr uint32_t kNullElement = 0xFFFFFFFF;  // as the length

}  // namespace

void ArrayLiteral::Add(std::optional<std::string_view> element) {
  if (!first_) out_ += ',';
  first_ = false;
  if (!element) {
    out_ += "NULL";
    return;
  }
  if (!quote_ && !element->empty()) {
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
      ++i;
      // The closing quote ends the element.
      if (i > rest_.size() || (i < rest_.size() && rest_[i] != ',')) ok_ = false;
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
    if (quoted || element != "NULL") return ok_;
  }
  return false;
}

// The number of dimensions, a flag and the type of the elements; of each dimension its
// length and first index.
BinaryArrayReader::BinaryArrayReader(std::string_view text) : rest_(text) {
  uint32_t dimensions, skipped;
  ok_ = Take(dimensions) && Take(skipped) && Take(skipped) &&
        (dimensions == 0 || (dimensions == 1 && Take(skipped) && Take(skipped)));
}

bool BinaryArrayReader::Next(std::string& element) {
  while (ok_ && !rest_.empty()) {
    uint32_t length;
    ok_ = Take(length);
    if (length == kNullElement) continue;
    if (!ok_ || length > rest_.size() / 2) break;
    element = rest_.substr(0, size_t{2} * length);
    rest_.remove_prefix(element.size());
    return true;
  }
  ok_ = ok_ && rest_.empty();
  return false;
}

bool BinaryArrayReader::Take(uint32_t& number) {
  number = 0;
  if (!ParseHex(rest_.substr(0, 8), number)) return false;
  rest_.remove_prefix(8);
  return true;
}

}  // namespace dataservice
