// Comments that identify tables, columns, constraints and indexes of the contract, so that they
// are found under another name:
//
//   dataservice: shop.v1.Order                      a table
//   dataservice: shop.v1.Order.buyer = 3            a column: field and number
//   dataservice: shop.v1.Order.state = 4; 0 NEW, 1 PAID
//   dataservice: shop.v1.Order.to = 5; json street string, geo.lat double
//   dataservice: CHECK (buyer <> '')                a constraint or an index
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice::schema {

// The prefix of all comments that the tool writes.
inline constexpr std::string_view kCommentPrefix = "dataservice: ";

// The comment with that text.
std::string OwnComment(std::string_view text);
// The text of a comment that OwnComment() returned; nothing for any other comment.
std::optional<std::string> OwnText(std::string_view comment);

std::string CommentOfColumn(const Column& column);

// The content of a column's comment.
struct ColumnIdentity {
  int number = 0;  // of the field
  // For a jsonb column, the names that its values may contain, with their types:
  // "geo.lat double". Inside jsonb, values are found by name.
  std::vector<std::string> json;
};

// Nothing for a comment that the tool did not write.
std::optional<ColumnIdentity> IdentityOfColumn(std::string_view comment);

// The names of `before` that are missing in `after` or have another type there. An enum with
// additional values counts as the same type.
std::vector<std::string> LostNames(const std::vector<std::string>& before,
                                   const std::vector<std::string>& after);

}  // namespace dataservice::schema
