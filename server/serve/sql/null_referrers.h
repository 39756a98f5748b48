// Changes of rows whose references a deletion sets to NULL.
#pragma once

#include <string>

#include "contract/resource.h"

namespace dataservice {

// Returns the elements of a deletion's WITH list that set a new update_time in the rows that refer
// to the deleted rows with ON DELETE SET NULL; empty without such references. Each element ends
// with ", ". The rows to delete are those of the relation `v` (key c1) with the verdict 'ok'. The
// referring rows are locked in key order first.
//
// The elements do not change a row whose reference was set after the statement's snapshot, or is
// set to NULL by a cascade or another writer. The etag of such a row changes nevertheless
// (postgres/text.h, VersionTime), its update_time does not.
std::string TouchNullReferrers(const Resource& resource);

}  // namespace dataservice
