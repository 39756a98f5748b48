#include "serve/filter/lexer.h"

#include "absl/strings/str_cat.h"

namespace dataservice::filter {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kEndsName = " \t\r\n().,:=<>!\"'";
constexpr std::string_view kEndsArgument = " \t\r\n(),=<>!\"'";

// Notes where the stars of a word are, character by character.
class Stars {
 public:
  explicit Stars(Word& word) : word_(word) {}

  // `c` was appended.
  void Note(bool star) {
    // A star that was the last until now is inside, unless it opens the word.
    if (word_.ends_with_star && word_.text.size() > 2) word_.star_inside = true;
    word_.ends_with_star = star;
    if (word_.text.size() == 1) word_.opens_with_star = star;
  }

 private:
  Word& word_;
};

}  // namespace

bool Lexer::SkipSpace() {
  const size_t end = text_.find_first_not_of(kSpace, offset_);
  const size_t before = offset_;
  offset_ = end == std::string_view::npos ? text_.size() : end;
  return offset_ != before;
}

bool Lexer::Take(char c) {
  if (AtEnd() || Peek() != c) return false;
  ++offset_;
  return true;
}

std::string_view Lexer::PeekRun(std::string_view terminators) const {
  const size_t end = text_.find_first_of(terminators, offset_);
  return text_.substr(offset_, end == std::string_view::npos ? end : end - offset_);
}

bool Lexer::TakeKeyword(std::string_view keyword) {
  // Looks at a few characters only, however long the word is.
  if (text_.substr(offset_, keyword.size()) != keyword) return false;
  const size_t end = offset_ + keyword.size();
  if (end < text_.size() && kEndsName.find(text_[end]) == std::string_view::npos) return false;
  offset_ = end;
  return true;
}

bool Lexer::AtKeyword() const {
  Lexer ahead = *this;
  return ahead.TakeKeyword("AND") || ahead.TakeKeyword("OR") || ahead.TakeKeyword("NOT");
}

std::optional<Comparator> Lexer::TakeComparator() {
  const auto followed_by_equals = [&] { return Take('='); };
  if (Take('=')) return Comparator::kEqual;
  if (Take(':')) return Comparator::kHas;
  if (Take('<')) return followed_by_equals() ? Comparator::kLessEqual : Comparator::kLess;
  if (Take('>')) return followed_by_equals() ? Comparator::kGreaterEqual : Comparator::kGreater;
  if (text_.substr(offset_, 2) == "!=") {
    offset_ += 2;
    return Comparator::kNotEqual;
  }
  return std::nullopt;
}

bool Lexer::TakeName(Word& word, Problem& problem) { return TakeWord(kEndsName, word, problem); }

bool Lexer::TakeArgument(Word& word, Problem& problem) {
  return TakeWord(kEndsArgument, word, problem);
}

bool Lexer::TakeWord(std::string_view terminators, Word& word, Problem& problem) {
  word = Word{.offset = offset_};
  if (Peek() == '"' || Peek() == '\'') return TakeString(word, problem);
  Stars stars(word);
  for (const char c : PeekRun(terminators)) {
    if (c == '\\') {
      problem = {offset_, "a backslash is only allowed in quotes"};
      return false;
    }
    word.text += c;
    stars.Note(c == '*');
    ++offset_;
  }
  return true;
}

bool Lexer::TakeString(Word& word, Problem& problem) {
  const char quote = text_[offset_++];
  word.quoted = true;
  Stars stars(word);
  while (!AtEnd()) {
    char c = text_[offset_++];
    if (c == quote) return true;
    const bool star = c == '*';
    if (c == '\\' && !TakeEscape(c, problem)) return false;
    word.text += c;
    stars.Note(star);
  }
  problem = {word.offset, "the string is not closed; it needs another quote at its end"};
  return false;
}

bool Lexer::TakeEscape(char& c, Problem& problem) {
  c = Peek();
  switch (c) {
    case '"':
    case '\'':
    case '\\':
    case '*':
      break;
    case 'n':
      c = '\n';
      break;
    case 'r':
      c = '\r';
      break;
    case 't':
      c = '\t';
      break;
    default:
      problem = {offset_ - 1, R"(a backslash stands before " ' \ * n r or t only)"};
      return false;
  }
  ++offset_;
  return true;
}

}  // namespace dataservice::filter
