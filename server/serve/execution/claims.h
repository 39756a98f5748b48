// The results of writes whose request_ids were claimed before.
#pragma once

#include <span>
#include <vector>

#include "postgres/connection.h"
#include "serve/execution/operation.h"

namespace dataservice {

// For claimed writes of one statement that failed, or that had no row in its result: answers
// those whose request_id is claimed, with the first answer, or with REQUEST_ID_REUSED if
// another request claimed it. Reads the claims with a new statement, because the snapshot of
// the one that failed may be older than the claim. If the claims cannot be read, the outcome of all
// operations is unknown: an earlier run, or an earlier request, may have done what they ask for.
//
// Returns the operations that it did not answer, in their order: their request_ids are not
// claimed, so that the error of the statement is theirs.
std::vector<Operation*> AnswerClaimed(Connection& connection,
                                      std::span<Operation* const> operations);

}  // namespace dataservice
