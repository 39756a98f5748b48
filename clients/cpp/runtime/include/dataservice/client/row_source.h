#ifndef DATASERVICE_CLIENT_ROW_SOURCE_H_
#define DATASERVICE_CLIENT_ROW_SOURCE_H_

#include <absl/status/statusor.h>

#include <functional>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

namespace dataservice::client {

// Returns the next row of an import, an error, which ends the import, or nothing at the end.
template <class Row>
using RowSource = std::function<absl::StatusOr<std::optional<Row>>()>;

// Returns a source of the rows of a function or of a range. The function returns
// std::optional<Row> or absl::StatusOr<std::optional<Row>>; the elements of the range are rows or
// absl::StatusOr of rows, such as those of an export. The source refers to the argument.
template <class Row, class Rows>
RowSource<Row> SourceOf(Rows& rows) {
  if constexpr (std::is_invocable_v<Rows&>) {
    return [&rows]() -> absl::StatusOr<std::optional<Row>> { return rows(); };
  } else {
    using Iterator = decltype(std::begin(rows));
    return [&rows, i = std::optional<Iterator>()]() mutable -> absl::StatusOr<std::optional<Row>> {
      if (i) {
        ++*i;
      } else {
        i.emplace(std::begin(rows));
      }
      if (*i == std::end(rows)) return std::nullopt;
      if constexpr (std::is_convertible_v<decltype(**i), const Row&>) {
        return std::optional<Row>(**i);
      } else {
        if (!(**i).ok()) return (**i).status();
        return std::optional<Row>(*std::move(**i));
      }
    };
  }
}

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_ROW_SOURCE_H_
