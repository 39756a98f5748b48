// Comments that say what a table, a column, a constraint or an index is of the
// contract, so that it is found again under another name:
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

// Our comments begin so.
inline constexpr std::string_view kCommentPrefix = "dataservice: ";

// The comment of that text.
std::string OwnComment(std::string_view text);
// What OwnComment was given; nothing for a comment of somebody else.
std::optional<std::string> OwnText(std::string_view comment);

std::string CommentOfColumn(const Column& column);

// What a column's comment says.
struct ColumnIdentity {
  int number = 0;  // of the field
  // Of a jsonb column, the names that its values may have, with their types:
  // "geo.lat double". Inside jsonb, names are what values are found by.
  std::vector<std::string> json;
};

// Nothing for a comment that is not ours.
std::optional<ColumnIdentity> IdentityOfColumn(std::string_view comment);

// The names inside the JSON of a field, in its order; a message that is within
// itself is not opened again, nor are those of google.protobuf and google.type,
// whose JSON does not change.
std::vector<std::string> JsonNames(const google::protobuf::FieldDescriptor& field);

// The names of `before` that are not in `after`, or stand for another type there.
// An enum that has more values than before has lost none.
std::vector<std::string> LostNames(const std::vector<std::string>& before,
                                   const std::vector<std::string>& after);

}  // namespace dataservice::schema
