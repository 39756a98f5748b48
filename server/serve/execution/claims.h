// What was answered to request_ids before.
#pragma once

#include <span>
#include <vector>

#include "postgres/connection.h"
#include "serve/execution/operation.h"

namespace dataservice {

// For claimed operations of one statement that the database refused, or that one
// of them spoiled: answers those whose request_id is claimed, by the first
// answer or, where the claim is another request's, with REQUEST_ID_REUSED. The
// statement that is read with is a new one, because the refused one's snapshot
// may be older than the claim. If the claims cannot be read, all are answered
// with that error: none of the others is known to be true.
//
// Returns the operations that it did not answer, in their order: their ids are
// not claimed, and what the database said is their answer.
std::vector<Operation*> AnswerClaimed(Connection& connection,
                                      std::span<Operation* const> operations);

}  // namespace dataservice
