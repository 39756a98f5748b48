// What became of the rows of an import so far.
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
  // A message was refused, and the import goes on.
  void AddFailure(int64_t position, const absl::Status& status);
  // The import must end. `position`: the first message of which this says
  // nothing; `in_doubt`: it may have been stored.
  void End(const absl::Status& cause, int64_t position, bool in_doubt);

  // A message of an import that ended is not stored either.
  void LeaveOut(int64_t position);

  bool ended() const { return !cause_.ok(); }
  // The error of an import that ended: its cause, and how far it came.
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

// Whether a row's error is the row's own fault, so that the import goes on;
// otherwise the next rows would fare no better.
bool IsOfTheRow(const absl::Status& status);

}  // namespace dataservice
