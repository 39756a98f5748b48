// The limits that are not settings: part of what the service means.
#pragma once

#include <chrono>
#include <cstddef>

namespace dataservice {

// Rows of a page that asks for none (0), and at most (AIP-158).
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// Bytes of a request_id, printable ASCII, at most (AIP-155).
inline constexpr size_t kMaxRequestIdBytes = 128;

// Claims of request_ids that one statement of the cleaner deletes at most.
inline constexpr int kClaimsPerDeletion = 1000;

// Paths of a field mask, and the fields that one path leads through: more than
// any table has columns that a client would name one by one.
inline constexpr int kMaxMaskPaths = 1000;
inline constexpr int kMaxMaskDepth = 32;

// Elements of a batch method's request (AIP-231).
inline constexpr int kMaxBatchSize = 1000;

// Bytes of values in one statement of a batch method's transaction; a larger row
// has one alone.
inline constexpr size_t kMaxStatementBytes = 1024 * 1024;

// Bytes of metadata that a request may bring: above the 64 KB of headers that
// the gateway accepts and passes on in part.
inline constexpr int kMaxMetadataBytes = 96 * 1024;

// Calls under way on one connection; more wait in the client.
inline constexpr int kMaxConcurrentStreams = 1000;

// A later deadline is taken for this one: nobody may hold a worker for longer.
inline constexpr std::chrono::minutes kMaxDeadline{10};

}  // namespace dataservice
