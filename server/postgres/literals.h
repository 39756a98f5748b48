// PostgreSQL's array literals (PostgreSQL manual, 8.15.2), and their binary form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dataservice {

// Writes "{a,b,NULL}" element by element.
class ArrayLiteral {
 public:
  // `quote`: whether elements may hold more than digits, letters, '-', '+',
  // '.' and ':', and must stand in quotes.
  ArrayLiteral(std::string& out, bool quote) : out_(out), quote_(quote) { out_ += '{'; }
  void Add(std::optional<std::string_view> element);
  void Finish() { out_ += '}'; }

 private:
  std::string& out_;
  const bool quote_;
  bool first_ = true;
};

// Reads an array of one dimension element by element.
class ArrayReader {
 public:
  explicit ArrayReader(std::string_view text);
  // The next element into `element`, unescaped; false at the end. A NULL is
  // skipped: no column of ours has one.
  bool Next(std::string& element);
  // Whether the text was an array literal, as far as it was read.
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_;
};

// Reads an array of one dimension, in the form of array_send() as hexadecimal digits,
// element by element.
class BinaryArrayReader {
 public:
  explicit BinaryArrayReader(std::string_view text);
  // The next element's bytes, in hexadecimal digits; false at the end. A NULL is skipped.
  bool Next(std::string& element);
  // Whether the text was such an array, as far as it was read.
  bool ok() const { return ok_; }

 private:
  // Reads the next 4 bytes as a number.
  bool Take(uint32_t& number);

  std::string_view rest_;
  bool ok_;
};

}  // namespace dataservice
