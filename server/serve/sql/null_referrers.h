// What the deletion of rows changes in others.
#pragma once

#include <string>

#include "contract/resource.h"

namespace dataservice {

// The parts of a deletion's WITH list that give a new update_time to the rows that refer
// to the ones that are deleted, by references that ON DELETE SET NULL sets to NULL; empty
// without such references. Each part ends with ", ". The rows to delete are those of the
// relation `v` (key c1) whose verdict is 'ok'. The rows are locked in key order first.
//
// A row that began to refer after the statement's snapshot is not among them, nor one
// whose reference is set to NULL by a cascade or by another writer: its etag changes all
// the same (postgres/text.h, VersionTime), its update_time does not.
std::string TouchNullReferrers(const Resource& resource);

}  // namespace dataservice
