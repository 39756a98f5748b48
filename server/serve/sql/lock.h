// Locks the rows of a batch before they are judged.
#pragma once

#include <string>
#include <string_view>

#include "serve/sql/rows.h"

namespace dataservice {

// The relation `l`: the batch's rows that exist, locked in key order, with
// their key as `key` and what the verdict needs. The batch's relation is `r`,
// whose c1 is the key.
class LockedRows {
 public:
  // `lock` is the locking clause.
  LockedRows(const Resource& resource, std::string_view lock);

  // Adds the etags' parameter, where the resource has one; answers the condition that
  // a row is at one of these versions, or that none is asked for.
  std::string EtagMatches(BatchRows& rows);
  // Adds a column to the relation; answers its name there.
  std::string Column(const dataservice::Column& column);
  // "SELECT ... FOR UPDATE". After all additions.
  std::string Select() const;
  // "l AS MATERIALIZED (SELECT ...)".
  std::string Text() const;

 private:
  const Resource& resource_;
  const std::string lock_;
  std::string outputs_;
};

}  // namespace dataservice
