#include "serve/filter/parser.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/filter/lexer.h"

namespace dataservice::filter {
namespace {

// One function a rule of the EBNF. `subject` is null, or what the arguments of a
// composite argument are compared with.
class Parser {
 public:
  Parser(std::string_view text, Problem& problem) : lexer_(text), problem_(problem) {}

  bool Filter(Expression& out) {
    lexer_.SkipSpace();
    if (lexer_.AtEnd()) return true;
    if (!ParseExpression(out, nullptr)) return false;
    if (!lexer_.AtEnd()) return Fail(lexer_.offset(), "no '(' belongs to this ')'");
    return true;
  }

 private:
  // expression: sequence {AND sequence}; sequence: factor {factor}
  // Ends at the end of the text, or before a ')'.
  bool ParseExpression(Expression& out, const Restriction* subject) {
    out.kind = Expression::Kind::kAnd;
    bool after_and = false;
    while (true) {
      const bool space = lexer_.SkipSpace();
      const size_t start = lexer_.offset();
      if (lexer_.AtEnd() || lexer_.Peek() == ')') {
        if (out.operands.empty()) return Fail(start, "a comparison is missing");
        if (after_and) return Fail(start, "a comparison is missing after AND");
        break;
      }
      if (lexer_.TakeKeyword("AND")) {
        if (out.operands.empty() || after_and) {
          return Fail(start, "a comparison is missing before AND");
        }
        after_and = true;
        continue;
      }
      if (!out.operands.empty() && !after_and && !space) {
        return Fail(start,
                    "white space, AND or OR is missing; values with such characters need "
                    "quotes");
      }
      if (!ParseFactor(out.operands.emplace_back(), subject)) return false;
      after_and = false;
    }
    Collapse(out);
    return true;
  }

  // factor: term {OR term}
  bool ParseFactor(Expression& out, const Restriction* subject) {
    out.kind = Expression::Kind::kOr;
    while (true) {
      if (!ParseTerm(out.operands.emplace_back(), subject)) return false;
      const size_t end = lexer_.offset();
      lexer_.SkipSpace();
      if (!lexer_.TakeKeyword("OR")) {
        lexer_.Reset(end);
        break;
      }
      lexer_.SkipSpace();
      if (lexer_.AtEnd() || lexer_.Peek() == ')') {
        return Fail(lexer_.offset(), "a comparison is missing after OR");
      }
    }
    Collapse(out);
    return true;
  }

  // term: [NOT | MINUS] simple
  // Among arguments a minus belongs to the number.
  bool ParseTerm(Expression& out, const Restriction* subject) {
    if (!lexer_.TakeKeyword("NOT") && (subject != nullptr || !lexer_.Take('-'))) {
      return ParseSimple(out, subject);
    }
    lexer_.SkipSpace();
    out.kind = Expression::Kind::kNot;
    return ParseSimple(out.operands.emplace_back(), subject);
  }

  // simple: restriction | composite
  bool ParseSimple(Expression& out, const Restriction* subject) {
    if (lexer_.Peek() == '(') return ParseComposite(out, subject);
    if (subject == nullptr) return ParseRestriction(out);
    out.kind = Expression::Kind::kRestriction;
    out.restriction = *subject;
    return ParseArgument(out);
  }

  // composite: LPAREN expression RPAREN
  bool ParseComposite(Expression& out, const Restriction* subject) {
    const size_t start = lexer_.offset();
    if (++depth_ > kMaxFilterDepth) {
      return Fail(start, absl::StrCat("parentheses are nested deeper than ", kMaxFilterDepth));
    }
    lexer_.Take('(');
    if (!ParseExpression(out, subject)) return false;
    if (!lexer_.Take(')')) return Fail(start, "this '(' is not closed");
    --depth_;
    return true;
  }

  // restriction: comparable comparator arg
  bool ParseRestriction(Expression& out) {
    out.kind = Expression::Kind::kRestriction;
    Restriction& restriction = out.restriction;
    if (!ParseMember(restriction)) return false;
    lexer_.SkipSpace();
    restriction.comparator_offset = lexer_.offset();
    const auto comparator = lexer_.TakeComparator();
    if (!comparator) {
      return Fail(restriction.member.front().offset,
                  "a value must not stand alone; compare a field with it, as in name = \"value\"");
    }
    restriction.comparator = *comparator;
    lexer_.SkipSpace();
    if (lexer_.Peek() != '(') return ParseArgument(out);
    Restriction subject = std::move(restriction);
    restriction = {};
    if (*comparator != Comparator::kNotEqual) return ParseComposite(out, &subject);
    subject.comparator = Comparator::kEqual;
    out.kind = Expression::Kind::kNot;
    return ParseComposite(out.operands.emplace_back(), &subject);
  }

  // member: value {DOT field}
  bool ParseMember(Restriction& restriction) {
    const size_t start = lexer_.offset();
    if (lexer_.AtKeyword()) return Fail(start, "a field's name is expected here, not a keyword");
    do {
      Word& word = restriction.member.emplace_back();
      if (!lexer_.TakeName(word, problem_)) return false;
      if (word.text.empty() && !word.quoted) {
        return Fail(word.offset, "a field's name is expected here");
      }
      if (restriction.member.size() > kMaxFilterPath) {
        return Fail(start, absl::StrCat("a field has more than ", kMaxFilterPath, " parts"));
      }
    } while (lexer_.Take('.'));
    return RefuseFunction(start);
  }

  bool ParseArgument(Expression& out) {
    Word& word = out.restriction.argument;
    const size_t start = lexer_.offset();
    if (lexer_.AtKeyword()) return Fail(start, "a value is missing here; a keyword needs quotes");
    if (!lexer_.TakeArgument(word, problem_)) return false;
    if (word.text.empty() && !word.quoted) {
      return Fail(start, "a value is missing here; an empty one is \"\"");
    }
    if (++comparisons_ > kMaxFilterComparisons) {
      return Fail(start, absl::StrCat("more than ", kMaxFilterComparisons, " comparisons"));
    }
    return RefuseFunction(start);
  }

  bool RefuseFunction(size_t start) {
    return lexer_.Peek() != '(' || Fail(start, "functions are not supported");
  }

  // An AND or OR of one is that one.
  static void Collapse(Expression& expression) {
    if (expression.operands.size() != 1) return;
    Expression only = std::move(expression.operands.front());
    expression = std::move(only);
  }

  bool Fail(size_t offset, std::string text) {
    problem_ = {offset, std::move(text)};
    return false;
  }

  Lexer lexer_;
  Problem& problem_;
  int depth_ = 0;
  int comparisons_ = 0;
};

}  // namespace

bool Parse(std::string_view text, Expression& expression, Problem& problem) {
  expression = {};
  return Parser(text, problem).Filter(expression);
}

}  // namespace dataservice::filter
