// The counts and failures of an import so far.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "contract/method.h"

namespace dataservice {

// Not thread-safe.
class ImportProgress {
 public:
  // A row was stored.
  void AddImported() { ++imported_; }
  // A message was refused; the import continues.
  void AddFailure(int64_t position, const absl::Status& status);
  // The import must end. `position` is the first message that is not counted; `in_doubt`: it
  // may have been stored.
  void End(const absl::Status& cause, int64_t position, bool in_doubt);

  // A message of an import that ended is not stored either.
  void LeaveOut(int64_t position);

  bool ended() const { return !cause_.ok(); }
  // Why the import ended; OK if it did not.
  const absl::Status& cause() const { return cause_; }
  int64_t imported() const { return imported_; }
  int64_t failed() const { return failed_; }
  // The error of an import that ended: its cause, with the counts and the position.
  absl::Status Error() const;
  // The response of one that did not.
  std::string Response(const Method& method) const;

 private:
  int64_t imported_ = 0;
  int64_t failed_ = 0;
  // Those of the lowest positions.
  std::map<int64_t, absl::Status> failures_;
  absl::Status cause_;
  int64_t end_ = INT64_MAX;
  bool in_doubt_ = false;
};

// Whether an error is one of the row alone, so that the import continues. Other errors would
// hit the next rows, too.
bool IsOfTheRow(const absl::Status& status);

}  // namespace dataservice
