// The versions that a history shows, and whether each is what its write makes of
// the version before.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "serial_model.h"

namespace dataservice::test {

// Where a tag was written: the unit and the place among its writes.
struct TagWriter {
  size_t unit = 0;
  size_t write = 0;
};

class SerialVersions {
 public:
  // The arguments outlive it.
  SerialVersions(const std::vector<SerialCall>& history, const std::vector<SerialUnit>& units,
                 std::vector<std::string>& contradictions);

  // Moves the versions to the histories of their keys. The place of a version
  // there is PlaceOf(key, row).
  void MoveTo(std::map<std::string, KeyHistory>& keys);

  bool IsSeen(int64_t tag) const { return seen_.contains(tag); }
  // When the first call returned that showed the tag; kNever if none did.
  SerialTime SeenAt(int64_t tag) const;
  // The row that a write with this tag left; there must be one.
  const SerialRow* Find(int64_t tag) const { return seen_.at(tag); }
  // The key of a row whose write left it to the server; empty if nobody saw it.
  std::string KeyOf(int64_t tag) const;
  size_t PlaceOf(const SerialRow& row) const;

 private:
  // When a row was made and changed.
  using Times = std::pair<int64_t, int64_t>;

  void LearnTags();
  void Learn(const SerialRow& row, const SerialCall& call);
  void CheckAnswers();
  void CheckContent();
  void CheckContent(const SerialRow* before, SerialRow& row);
  bool MayBeOfHidden(const std::string& key, unsigned field, const SerialRow& row) const;
  void Say(const std::string& what) { contradictions_.push_back(what); }

  const std::vector<SerialCall>& history_;
  const std::vector<SerialUnit>& units_;
  std::vector<std::string>& contradictions_;
  std::map<int64_t, TagWriter> writers_;
  std::map<int64_t, const SerialRow*> seen_;
  std::map<int64_t, SerialTime> seen_at_;
  std::map<std::string, std::map<Times, SerialRow>> rows_;
};

}  // namespace dataservice::test
