// The text of a filter -> its syntax tree.
#pragma once

#include <string_view>

#include "serve/filter/syntax.h"

namespace dataservice::filter {

// Parses a filter that is UTF-8 without NUL, by AIP-160's EBNF: OR binds tighter
// than AND, which may be left out. Bare literals and functions, which the EBNF
// has, are refused. An empty text gives an AND of nothing. Linear in the text's
// length, and no deeper than kMaxFilterDepth.
//
// Beyond the EBNF: white space may be missing between AND, OR, NOT and a
// parenthesis. An argument in parentheses stands for as many comparisons:
// `a = (1 OR 2)` is `(a = 1 OR a = 2)`, and `a != (1 OR 2)` its negation.
bool Parse(std::string_view text, Expression& expression, Problem& problem);

}  // namespace dataservice::filter
