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
  // `quote`: elements may contain other characters than digits, letters, '-', '+', '.' and ':',
  // and are quoted.
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
  // Assigns the next element, unescaped; returns false at the end. Skips NULL, which arrays of the
  // contract do not contain.
  bool Next(std::string& element);
  // Whether the text that was read so far is valid.
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
  // Assigns the next element's bytes, in hexadecimal digits; returns false at the end. Skips NULL.
  bool Next(std::string& element);
  // Whether the text that was read so far is valid.
  bool ok() const { return ok_; }

 private:
  // Reads the next 4 bytes as a number.
  bool Take(uint32_t& number);

  std::string_view rest_;
  bool ok_;
};

}  // namespace dataservice
