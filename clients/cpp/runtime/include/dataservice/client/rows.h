#ifndef DATASERVICE_CLIENT_ROWS_H_
#define DATASERVICE_CLIENT_ROWS_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace dataservice::client {

// Reads rows one after the other.
template <class Row>
class RowReader {
 public:
  virtual ~RowReader() = default;
  // Returns the next row, or an error, after which nothing follows. Absent at the end.
  virtual std::optional<absl::StatusOr<Row>> Next() = 0;
};

// The rows of a list or an export, for one loop:
//   for (absl::StatusOr<Book>& book : client.books().List()) {
//     if (!book.ok()) return book.status();
//     ...
//   }
// Rows are read while the loop runs. An error is the last element. A loop can take the value
// out of an element (std::move), and can end early. Not thread-safe.
template <class Row>
class RowRange {
 public:
  explicit RowRange(std::unique_ptr<RowReader<Row>> reader) : reader_(std::move(reader)) {}

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = absl::StatusOr<Row>;
    using difference_type = std::ptrdiff_t;
    using pointer = value_type*;
    using reference = value_type&;

    iterator() = default;
    reference operator*() const { return *range_->current_; }
    pointer operator->() const { return &*range_->current_; }
    iterator& operator++() {
      if (!range_->Advance()) range_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& a, const iterator& b) { return a.range_ == b.range_; }
    friend bool operator!=(const iterator& a, const iterator& b) { return a.range_ != b.range_; }

   private:
    friend class RowRange;
    explicit iterator(RowRange* range) : range_(range) {}
    RowRange* range_ = nullptr;
  };

  // Reads the first row. Call it once.
  iterator begin() { return Advance() ? iterator(this) : iterator(); }
  iterator end() { return iterator(); }

 private:
  bool Advance() {
    const bool ended = current_ && !current_->ok();
    current_ = ended ? std::nullopt : reader_->Next();
    return current_.has_value();
  }

  std::unique_ptr<RowReader<Row>> reader_;
  std::optional<absl::StatusOr<Row>> current_;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_ROWS_H_
