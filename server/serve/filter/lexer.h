// The characters of a filter -> words and comparators.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "serve/filter/syntax.h"

namespace dataservice::filter {

// A cursor over the text, which must be UTF-8 without NUL. AIP-160 leaves open
// what TEXT is made of, and times have colons; so a word on the right of a
// comparator may hold more characters than a name on the left, and the parser
// says which it wants. Not thread-safe.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  size_t offset() const { return offset_; }
  // Back to an earlier offset.
  void Reset(size_t offset) { offset_ = offset; }

  bool AtEnd() const { return offset_ == text_.size(); }
  // 0 at the end.
  char Peek() const { return AtEnd() ? '\0' : text_[offset_]; }

  // Whether there was any.
  bool SkipSpace();
  bool Take(char c);
  // AND, OR or NOT, as a whole word.
  bool TakeKeyword(std::string_view keyword);
  // Whether a keyword comes next.
  bool AtKeyword() const;
  std::optional<Comparator> TakeComparator();

  // A part of a member: a string, or text up to what can follow it.
  bool TakeName(Word& word, Problem& problem);
  // What stands on the right: a string, or text, in which ':' and '.' may occur.
  bool TakeArgument(Word& word, Problem& problem);

 private:
  std::string_view PeekRun(std::string_view terminators) const;
  bool TakeWord(std::string_view terminators, Word& word, Problem& problem);
  bool TakeString(Word& word, Problem& problem);
  bool TakeEscape(char& c, Problem& problem);

  const std::string_view text_;
  size_t offset_ = 0;
};

}  // namespace dataservice::filter
