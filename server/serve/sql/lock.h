// Locks the rows of a batch before their preconditions are evaluated.
#pragma once

#include <string>
#include <string_view>

#include "serve/sql/rows.h"

namespace dataservice {

// Builds the relation `l`: the existing rows of the batch, locked in key order, with their key as
// `key`, their owner, if the resource has one, as `owner`, and the columns that the verdict needs.
// The batch's relation is `r`, whose first columns are those of BatchRows::AddKey().
class LockedRows {
 public:
  // `lock` is the locking clause.
  LockedRows(const Resource& resource, std::string_view lock);

  // Adds the etags' parameter, if the resource has an etag. Returns the condition that the row has
  // one of these versions, or that the request has no etags.
  std::string EtagMatches(BatchRows& rows);
  // Adds a column to the relation and returns its name there.
  std::string Column(const dataservice::Column& column);
  // "SELECT ... FOR UPDATE". Call it after all additions.
  std::string Select() const;
  // "l AS MATERIALIZED (SELECT ...)".
  std::string Text() const;
  // The condition that a row of `l` is that of a row of `r`.
  std::string IsOfBatch() const;

 private:
  const Resource& resource_;
  const std::string lock_;
  std::string outputs_;
};

}  // namespace dataservice
