// A history, key by key: the versions that a row had, and what each call did to
// it or saw of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "serial_history.h"
#include "serial_units.h"

namespace dataservice::test {

// A row as one write left it.
struct SerialVersion {
  SerialRow row;
  // Nothing was there before.
  bool creates = false;
  // Into KeyHistory::ops.
  size_t op = 0;
};

struct KeyOp {
  enum Kind {
    kWrite,       // makes `version`
    kHidden,      // makes a version that nobody saw
    kDelete,      // `etag`, `allow_missing`
    kSee,         // `version`
    kSeeAbsent,   // no row
    kSeePresent,  // a row
    kSeeOther,    // a row at another version than `etag`
    kNotListed,   // no row that the call's listing shows
  };

  Kind kind = kSee;
  SerialTime invoked = 0;
  SerialTime returned = kNever;
  const SerialCall* call = nullptr;
  // May have had no effect.
  bool optional = false;
  size_t version = 0;
  std::string etag;
  bool allow_missing = false;
  // Of kHidden: where there is no row, and where there is one.
  bool may_create = false;
  bool may_change = false;
};

struct KeyHistory {
  std::string key;
  // By the time when the row was made, then by the time of its change: versions of
  // one row, from creation to deletion, are neighbours, and in their order. Rows
  // that followed each other need not be: a creation may take its time before it
  // waits for the deletion of its predecessor.
  std::vector<SerialVersion> versions;
  std::vector<KeyOp> ops;

  // Whether the version after this one is of the same row.
  bool IsFollowed(size_t version) const {
    return version + 1 < versions.size() &&
           versions[version + 1].row.made == versions[version].row.made;
  }
};

struct SerialModel {
  std::map<std::string, KeyHistory> keys;
  // What no order can explain, whatever it is.
  std::vector<std::string> contradictions;
};

// The history outlives it.
SerialModel BuildModel(const std::vector<SerialCall>& history);

}  // namespace dataservice::test
