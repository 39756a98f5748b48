#include "serve/filter/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"

namespace dataservice::filter {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Print(const Word& word) {
  std::string out = word.quoted ? absl::StrCat("'", word.text, "'") : word.text;
  if (word.opens_with_star) out += " opens";
  if (word.ends_with_star) out += " ends";
  if (word.star_inside) out += " inside";
  return out;
}

// As an S-expression: what binds to what.
std::string Print(const Expression& expression) {
  if (expression.kind == Expression::Kind::kRestriction) {
    constexpr const char* kComparators[] = {"=", "!=", "<", "<=", ">", ">=", ":"};
    const Restriction& restriction = expression.restriction;
    std::string out;
    for (const Word& word : restriction.member) {
      absl::StrAppend(&out, out.empty() ? "" : ".", Print(word));
    }
    return absl::StrCat(out, kComparators[static_cast<int>(restriction.comparator)],
                        Print(restriction.argument));
  }
  constexpr const char* kNames[] = {"and", "or", "not"};
  std::string out = absl::StrCat("(", kNames[static_cast<int>(expression.kind)]);
  for (const Expression& operand : expression.operands) absl::StrAppend(&out, " ", Print(operand));
  return out + ")";
}

// The tree, or "offset: problem".
std::string Parsed(std::string_view text) {
  Expression expression;
  Problem problem;
  if (Parse(text, expression, problem)) return Print(expression);
  return absl::StrCat(problem.offset, ": ", problem.text);
}

TEST(FilterParser, PrecedenceIsThatOfAip160) {
  EXPECT_EQ(Parsed(""), "(and)");
  EXPECT_EQ(Parsed(" \t\r\n"), "(and)");
  EXPECT_EQ(Parsed("a=1"), "a=1");
  EXPECT_EQ(Parsed("a=1 b=2"), "(and a=1 b=2)");
  EXPECT_EQ(Parsed("a=1 AND b=2 AND c=3"), "(and a=1 b=2 c=3)");
  EXPECT_EQ(Parsed("a=1 b=2 AND c=3"), "(and a=1 b=2 c=3)");
  EXPECT_EQ(Parsed("a=1 AND b=2 OR c=3"), "(and a=1 (or b=2 c=3))");
  EXPECT_EQ(Parsed("a=1 OR b=2 AND c=3"), "(and (or a=1 b=2) c=3)");
  EXPECT_EQ(Parsed("a=1 OR b=2 c=3"), "(and (or a=1 b=2) c=3)");
  EXPECT_EQ(Parsed("a=1 b=2 OR c=3 OR d=4"), "(and a=1 (or b=2 c=3 d=4))");
  EXPECT_EQ(Parsed("(a=1 AND b=2) OR c=3"), "(or (and a=1 b=2) c=3)");
  EXPECT_EQ(Parsed("(a=1 b=2) AND c=3"), "(and (and a=1 b=2) c=3)");
  EXPECT_EQ(Parsed("((a=1))"), "a=1");
  EXPECT_EQ(Parsed("( a=1 )"), "a=1");
}

TEST(FilterParser, NegationBindsTightest) {
  EXPECT_EQ(Parsed("NOT a=1"), "(not a=1)");
  EXPECT_EQ(Parsed("-a=1"), "(not a=1)");
  EXPECT_EQ(Parsed("NOT a=1 OR b=2"), "(or (not a=1) b=2)");
  EXPECT_EQ(Parsed("-a=1 b=2"), "(and (not a=1) b=2)");
  EXPECT_EQ(Parsed("NOT (a=1 OR b=2)"), "(not (or a=1 b=2))");
  EXPECT_EQ(Parsed("-(a=1 b=2)"), "(not (and a=1 b=2))");
  EXPECT_EQ(Parsed("NOT(a=1)OR(b=2)"), "(or (not a=1) b=2)");
  EXPECT_EQ(Parsed("a=1 AND(b=2)"), "(and a=1 b=2)");
  EXPECT_EQ(Parsed("-file:\".java\""), "(not file:'.java')");
  EXPECT_THAT(Parsed("NOT NOT a=1"), StartsWith("4: "));
}

TEST(FilterParser, KeywordsAreWholeWordsInCapitals) {
  EXPECT_EQ(Parsed("ORDER=1 ANDY=2 NOTE=3"), "(and ORDER=1 ANDY=2 NOTE=3)");
  EXPECT_EQ(Parsed("a.AND=1 a.NOT:*"), "(and a.AND=1 a.NOT:* opens ends)");
  EXPECT_EQ(Parsed("a=\"AND\""), "a='AND'");
  EXPECT_EQ(Parsed("and=1 or=2"), "(and and=1 or=2)");
  EXPECT_THAT(Parsed("a=AND"), HasSubstr("a value is missing"));
}

TEST(FilterParser, ComparatorsAreNotSpaceSensitive) {
  EXPECT_EQ(Parsed("a!=1 b<2 c<=3 d>4 e>=5 f:6"), "(and a!=1 b<2 c<=3 d>4 e>=5 f:6)");
  EXPECT_EQ(Parsed("a  !=\t1 b <  2"), "(and a!=1 b<2)");
  EXPECT_EQ(Parsed("a : 6"), "a:6");
}

TEST(FilterParser, MembersAndWords) {
  EXPECT_EQ(Parsed("a.b.c = x"), "a.b.c=x");
  EXPECT_EQ(Parsed("m.\"a key\".'b.c' = 1"), "m.'a key'.'b.c'=1");
  EXPECT_EQ(Parsed("m.a-b:*"), "m.a-b:* opens ends");
  EXPECT_EQ(Parsed("a=-30 b = -2.5e+3"), "(and a=-30 b=-2.5e+3)");
  EXPECT_EQ(Parsed("package=com.example"), "package=com.example");
  EXPECT_EQ(Parsed("t>2012-04-21T11:30:00.5-04:00 d<20s"),
            "(and t>2012-04-21T11:30:00.5-04:00 d<20s)");
  EXPECT_EQ(Parsed("a=\"\""), "a=''");
  EXPECT_EQ(Parsed("a=\"it's\" b='\"'"), "(and a='it's' b='\"')");
  EXPECT_EQ(Parsed(R"(a="\"\\\'\*\n\r\t")"), "a='\"\\'*\n\r\t'");
  EXPECT_EQ(Parsed("a=\"Zürich 北京 😀\" b=Zürich"), "(and a='Zürich 北京 😀' b=Zürich)");
}

TEST(FilterParser, Stars) {
  EXPECT_EQ(Parsed("a=\"x*\""), "a='x*' ends");
  EXPECT_EQ(Parsed("a='*x'"), "a='*x' opens");
  EXPECT_EQ(Parsed("a=*x*"), "a=*x* opens ends");
  EXPECT_EQ(Parsed("a=\"*\""), "a='*' opens ends");
  EXPECT_EQ(Parsed("a=\"**\""), "a='**' opens ends");
  EXPECT_EQ(Parsed("a=\"***\""), "a='***' opens ends inside");
  EXPECT_EQ(Parsed("a=\"x*y\""), "a='x*y' inside");
  EXPECT_EQ(Parsed("a=\"**x\""), "a='**x' opens inside");
  EXPECT_EQ(Parsed("a=\"x**\""), "a='x**' ends inside");
  EXPECT_EQ(Parsed(R"(a="\*")"), "a='*'");
  EXPECT_EQ(Parsed(R"(a="x\*")"), "a='x*'");
  EXPECT_EQ(Parsed(R"(a="\**")"), "a='**' ends");
  EXPECT_EQ(Parsed(R"(a="*\*")"), "a='**' opens");
}

TEST(FilterParser, AnArgumentInParenthesesIsDistributed) {
  EXPECT_EQ(Parsed("a=(1 OR 2)"), "(or a=1 a=2)");
  EXPECT_EQ(Parsed("a=(-1)"), "a=-1");
  EXPECT_EQ(Parsed("r:(x y AND NOT z)"), "(and r:x r:y (not r:z))");
  EXPECT_EQ(Parsed("a!=(1 OR 2) b=3"), "(and (not (or a=1 a=2)) b=3)");
  EXPECT_EQ(Parsed("a.b<(1 OR (2 3))"), "(or a.b<1 (and a.b<2 a.b<3))");
  EXPECT_EQ(Parsed("a=()"), "3: a comparison is missing");
  EXPECT_THAT(Parsed("a=(b=1)"), StartsWith("4: "));
}

TEST(FilterParser, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Parsed("Hugo"), StartsWith("0: a value must not stand alone"));
  EXPECT_THAT(Parsed("a=1 AND Hugo"), StartsWith("8: a value must not stand alone"));
  EXPECT_THAT(Parsed("\"Victor Hugo\""), StartsWith("0: a value must not stand alone"));
  EXPECT_THAT(Parsed("-30"), StartsWith("1: a value must not stand alone"));
  EXPECT_EQ(Parsed("f(a)"), "0: functions are not supported");
  EXPECT_EQ(Parsed("a.f()=1"), "0: functions are not supported");
  EXPECT_EQ(Parsed("a = cohort(b)"), "4: functions are not supported");
  EXPECT_EQ(Parsed("a="), "2: a value is missing here; an empty one is \"\"");
  EXPECT_EQ(Parsed("a= )"), "3: a value is missing here; an empty one is \"\"");
  EXPECT_EQ(Parsed("=1"), "0: a field's name is expected here");
  EXPECT_EQ(Parsed("a..b=1"), "2: a field's name is expected here");
  EXPECT_EQ(Parsed(".a=1"), "0: a field's name is expected here");
  EXPECT_EQ(Parsed("a. b=1"), "2: a field's name is expected here");
  EXPECT_THAT(Parsed("a . b=1"), StartsWith("0: a value must not stand alone"));
  EXPECT_EQ(Parsed("(a=1"), "0: this '(' is not closed");
  EXPECT_EQ(Parsed("a=1)"), "3: no '(' belongs to this ')'");
  EXPECT_EQ(Parsed("()"), "1: a comparison is missing");
  EXPECT_EQ(Parsed("a=1 AND"), "7: a comparison is missing after AND");
  EXPECT_EQ(Parsed("AND a=1"), "0: a comparison is missing before AND");
  EXPECT_EQ(Parsed("a=1 AND AND b=2"), "8: a comparison is missing before AND");
  EXPECT_EQ(Parsed("a=1 OR "), "7: a comparison is missing after OR");
  EXPECT_EQ(Parsed("OR a=1"), "0: a field's name is expected here, not a keyword");
  EXPECT_EQ(Parsed("NOT"), "3: a field's name is expected here");
  EXPECT_THAT(Parsed("a=1,b=2"), StartsWith("3: white space, AND or OR is missing"));
  EXPECT_THAT(Parsed("(a=1)(b=2)"), StartsWith("5: white space, AND or OR is missing"));
  EXPECT_THAT(Parsed("a=\"x\"b=2"), StartsWith("5: white space, AND or OR is missing"));
  EXPECT_THAT(Parsed("a=b=c"), StartsWith("3: white space, AND or OR is missing"));
  EXPECT_THAT(Parsed("a==b"), StartsWith("2: a value is missing"));
  EXPECT_THAT(Parsed("a=it's"), StartsWith("4: white space, AND or OR is missing"));
  EXPECT_EQ(Parsed("a=b\\c"), "3: a backslash is only allowed in quotes");
  EXPECT_THAT(Parsed("a=\"\\x\""), StartsWith("3: a backslash stands before"));
  EXPECT_THAT(Parsed("a=\"bc"), StartsWith("2: the string is not closed"));
  EXPECT_THAT(Parsed("a=\"bc'"), StartsWith("2: the string is not closed"));
  EXPECT_THAT(Parsed("a=\"bc\\\""), StartsWith("2: the string is not closed"));
  EXPECT_THAT(Parsed("a=\"bc\\"), StartsWith("5: a backslash stands before"));
  EXPECT_THAT(Parsed("a!b"), StartsWith("0: a value must not stand alone"));
}

std::string Nested(int depth) {
  return std::string(static_cast<size_t>(depth), '(') + "a=1" +
         std::string(static_cast<size_t>(depth), ')');
}

std::string Repeated(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "a=1 ";
  return text;
}

TEST(FilterParser, Limits) {
  EXPECT_EQ(Parsed(Nested(kMaxFilterDepth)), "a=1");
  EXPECT_THAT(Parsed(Nested(kMaxFilterDepth + 1)), HasSubstr("nested deeper than 32"));
  // One after the other they are not nested.
  EXPECT_EQ(Parsed(Nested(20) + " " + Nested(20)), "(and a=1 a=1)");
  EXPECT_THAT(Parsed(Repeated(kMaxFilterComparisons)), StartsWith("(and"));
  EXPECT_THAT(Parsed(Repeated(kMaxFilterComparisons + 1)), HasSubstr("more than 100"));
  EXPECT_EQ(Parsed("a.b.c.d.e.f.g.h.i.j=1"), "a.b.c.d.e.f.g.h.i.j=1");
  EXPECT_THAT(Parsed("a.b.c.d.e.f.g.h.i.j.k=1"), HasSubstr("more than 10 parts"));
}

}  // namespace
}  // namespace dataservice::filter
