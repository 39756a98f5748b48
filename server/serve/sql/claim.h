// SQL for claims of request_ids (AIP-155). The statement of a write also inserts its claim, which
// has the write's result: either both are stored or neither. Rows whose id is already claimed are
// skipped, so that a repeated request is not an error for the database. Only a claim that another
// transaction makes at the same time is an error: without ON CONFLICT, error 23505 rolls the write
// back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/shape.h"
#include "serve/sql/rows.h"

namespace dataservice {

// schema.request_claim: request_id, digest (of the request), answer (an object
// of the row's values as PostgreSQL prints them, by field number, and "created"
// for a row that was new), create_time.
std::string ClaimTableName(std::string_view schema);

// The last two parameters of a claimed write, as expressions of the relation
// `r`: "r.c8".
struct ClaimValues {
  std::string request_id;
  std::string digest;
};
ClaimValues AddClaim(BatchRows& rows);

// " WHERE ...": leaves out the rows of `r` whose request_id is claimed.
std::string WhereUnclaimed(std::string_view schema, const ClaimValues& values);

// The column `answer` of a write's claim, as an expression: the resource's columns, `outputs`, and
// whether the row is new (`created`, an SQL condition or empty).
std::string ClaimAnswer(const Resource& resource, const std::vector<std::string>& outputs,
                        std::string_view created);

// ", k AS (INSERT ...)": claims for the rows of `from`, in an order that all
// statements share.
std::string InsertClaims(std::string_view schema, const ClaimValues& values,
                         std::string_view answer, std::string_view from);

// Reads the claims of the request_ids $1, an array: request_id, digest in
// hexadecimal digits, whether the row was new ("true"), and the resource's
// columns except for a delete. Fields added to the contract after the claim are NULL.
std::string ClaimsText(const Shape& shape);
inline constexpr int kClaimedFirstColumn = 3;

// Claims a batch method's request: $1 its request_id, $2 the digest, $3 the whole
// response's wire bytes in hexadecimal digits. Inserts no row if the id is claimed
// already; waits for a transaction that claims it.
std::string ClaimResponseText(std::string_view schema);

// Reads the claim of the request_id $1: digest in hexadecimal digits, and the
// response, NULL if the claim is not a batch method's.
std::string ClaimedResponseText(std::string_view schema);

// Deletes claims older than $1 seconds: a limited number, oldest first.
std::string DeleteClaimsText(std::string_view schema);

}  // namespace dataservice
