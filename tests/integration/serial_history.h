// What clients asked of two tables, parents and children, and what they were
// answered: the history that serial_check.h compares with a sequential model.
//
// Every write has a tag that no other has, and stores it in the row: a row that is
// read names the write that made it as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace dataservice::test {

// Of the steady clock, in nanoseconds.
using SerialTime = int64_t;
inline constexpr SerialTime kNever = std::numeric_limits<SerialTime>::max();

// Fields beside key, tag and times.
enum SerialField : unsigned { kSmall = 1, kBig = 2, kParent = 4, kEtag = 8, kAllFields = 15 };

// A row, as sent or as answered.
struct SerialRow {
  std::string key;
  int64_t tag = 0;
  // create_time and update_time in microseconds, 0 where the row is only sent. One row
  // has them alike exactly as long as nobody changes it. A parent, which nobody
  // changes and which has no times, has its tag in both.
  int64_t made = 0;
  int64_t changed = 0;
  // Which of the following are there.
  unsigned shown = kAllFields;
  int32_t small = 0;
  int64_t big = 0;
  std::string parent;  // the parent's key; empty if none
  std::string etag;

  bool operator==(const SerialRow&) const = default;
};

struct SerialWrite {
  // kUpsert is also an update that may create.
  enum Kind { kCreate, kUpdate, kUpsert, kDelete };

  Kind kind = kCreate;
  std::string key;  // empty: the server makes it
  int64_t tag = 0;  // none of a deletion
  // Only over this version; empty: over any.
  std::string etag;
  // Of a deletion: that there is no row is success.
  bool allow_missing = false;
  // What a row that exists gets of `sent`, beside the tag.
  unsigned fields = kAllFields;
  SerialRow sent;
};

// Why nothing was done.
enum class Refusal { kAbsent, kPresent, kOtherVersion, kNoParent, kHeld, kIdReused };

// What a list shows, and how.
struct SerialListing {
  // Whether the page shows a row, by filter and by where the page begins and ends.
  std::function<bool(const SerialRow&)> shows;
  // Whether one row comes before another.
  std::function<bool(const SerialRow&, const SerialRow&)> before;
};

// How many rows `counts` takes, in one moment of the call.
struct SerialCount {
  std::function<bool(const SerialRow&)> counts;
  int64_t count = 0;
};

// One call. A stream's message is one, too; so is a page of a list.
struct SerialCall {
  enum Outcome { kDone, kRefused, kUnknown };

  std::string what;  // the method
  SerialTime invoked = 0;
  SerialTime returned = kNever;  // of kUnknown: kNever
  Outcome outcome = kUnknown;

  // More than one is a batch, all or nothing.
  std::vector<SerialWrite> writes;
  // Of a read by key.
  std::vector<std::string> keys;
  // Of kDone: those read, or of each write but deletions; none where the answer
  // has none.
  std::vector<SerialRow> rows;
  // Whether all rows are of one moment.
  bool snapshot = true;
  std::optional<SerialListing> listing;
  std::optional<SerialCount> count;
  // Whether the answer says that the (only) row is new.
  std::optional<bool> created;

  Refusal refusal = Refusal::kAbsent;
  // Of `writes` or `keys`, that is refused; none where the answer names none of several.
  std::optional<size_t> element = 0;

  // Calls of one request_id, if it is not empty, and one request are done once.
  std::string request_id;
  std::string request;  // its bytes, and what else makes it the same
  std::string answer;   // bytes
};

}  // namespace dataservice::test
