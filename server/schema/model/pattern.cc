// The common subset of RE2 and PostgreSQL's regular expressions (PostgreSQL
// manual, 9.7.3): literals, escaped punctuation, classes of plain characters
// and ranges, `.`, `\d`, `\w`, groups, alternatives, anchors at the ends and
// greedy quantifiers up to 255. What the two read differently is translated
// (`.` does not match a newline in RE2) or refused.
#include <cctype>

#include "schema/model/checks.h"

namespace dataservice::schema {
namespace {

constexpr int kMaxRepeat = 255;  // PostgreSQL's DUPMAX

class Translator {
 public:
  Translator(std::string_view in, std::string& out) : in_(in), out_(out) {}

  bool Run() {
    while (pos_ < in_.size()) {
      if (!Atom()) return false;
    }
    return depth_ == 0;
  }

 private:
  bool Atom() {
    const char c = in_[pos_];
    if (static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) < 0x20) return false;
    switch (c) {
      case '\\':
        return Escape(/*in_class=*/false);
      case '[':
        return Class();
      case '(':
        return Group();
      case ')':
        --depth_;
        return depth_ >= 0 && Copy() && Quantifier();
      case '|':
        return Copy();
      case '^':
        return pos_ == 0 && Copy();
      case '$':
        return pos_ + 1 == in_.size() && Copy();
      case '.':
        ++pos_;
        out_ += "[^\\n]";
        return Quantifier();
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        return false;  // a quantifier without an atom, or a stray bracket
      default:
        return Copy() && Quantifier();
    }
  }

  bool Group() {
    ++depth_;
    if (in_.substr(pos_).starts_with("(?:")) {
      pos_ += 3;
      out_ += "(?:";
      return pos_ < in_.size();
    }
    return in_.substr(pos_, 2) != "(?" && Copy();
  }

  bool Escape(bool in_class) {
    if (pos_ + 1 >= in_.size()) return false;
    const char c = in_[pos_ + 1];
    pos_ += 2;
    if (c == 'd') {
      out_ += in_class ? "0-9" : "[0-9]";
    } else if (c == 'w') {
      out_ += in_class ? "0-9A-Za-z_" : "[0-9A-Za-z_]";
    } else if (std::ispunct(static_cast<unsigned char>(c))) {
      out_ += '\\';
      out_ += c;
    } else {
      return false;
    }
    return in_class || Quantifier();
  }

  bool Class() {
    Copy();
    if (pos_ < in_.size() && in_[pos_] == '^') Copy();
    bool empty = true;
    while (pos_ < in_.size() && in_[pos_] != ']') {
      const char c = in_[pos_];
      if (c == '[' || static_cast<unsigned char>(c) >= 0x80) return false;
      if (c == '\\' ? !Escape(/*in_class=*/true) : !Copy()) return false;
      empty = false;
    }
    return pos_ < in_.size() && !empty && Copy() && Quantifier();
  }

  bool Quantifier() {
    if (pos_ >= in_.size()) return true;
    const char c = in_[pos_];
    if (c == '{') {
      if (!Counts()) return false;
    } else if (c == '*' || c == '+' || c == '?') {
      Copy();
    } else {
      return true;
    }
    // Lazy and doubled quantifiers.
    return pos_ >= in_.size() || std::string_view("*+?{").find(in_[pos_]) == std::string_view::npos;
  }

  bool Counts() {
    const size_t end = in_.find('}', pos_);
    if (end == std::string_view::npos || end == pos_ + 1) return false;
    int count = 0;
    bool digits = false;
    for (size_t i = pos_ + 1; i < end; ++i) {
      const char c = in_[i];
      if (c == ',') {
        if (!digits) return false;
        count = 0;
      } else if (std::isdigit(static_cast<unsigned char>(c))) {
        digits = true;
        count = count * 10 + (c - '0');
        if (count > kMaxRepeat) return false;
      } else {
        return false;
      }
    }
    out_.append(in_.substr(pos_, end - pos_ + 1));
    pos_ = end + 1;
    return true;
  }

  bool Copy() {
    out_ += in_[pos_++];
    return true;
  }

  const std::string_view in_;
  std::string& out_;
  size_t pos_ = 0;
  int depth_ = 0;
};

}  // namespace

bool TranslatePattern(std::string_view re2, std::string& postgres) {
  return Translator(re2, postgres).Run();
}

}  // namespace dataservice::schema
