// The limits that are not settings: part of what the service means.
#pragma once

#include <chrono>
#include <cstddef>

namespace dataservice {

// Rows of a page that asks for none (0), and at most (AIP-158).
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// Bytes of the rows in one answer: with a page token and a count it stays below the 4 MB that
// gRPC's clients take unless they are set to take more. A page ends before the row that
// crosses it, a batch is refused; a single row is always answered. Streams have no such limit.
inline constexpr size_t kMaxAnswerBytes = 4 * 1024 * 1024 - 64 * 1024;

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

// Messages within one request, and other values: an empty message is 2 bytes, and some hundred in
// memory. What the gateway accepts as JSON stays below (gateway/limits: BodyObjects, BodyValues).
inline constexpr int kMaxRequestMessages = 50'000;
inline constexpr int kMaxRequestValues = 500'000;

// Bytes of values in one statement of a batch method's transaction; a larger row
// has one alone.
inline constexpr size_t kMaxStatementBytes = 1024 * 1024;

// Bytes of a statement's text that a request may ask for by its filter and order: RDS
// Proxy pins a connection that gets a longer one.
inline constexpr size_t kMaxStatementText = 16 * 1024;

// Bytes of a file that an operator names: a policy, a certificate, a key, a secret.
inline constexpr size_t kMaxFileBytes = 4 * 1024 * 1024;

// Bytes of a filter's text.
inline constexpr size_t kMaxFilterBytes = 8192;

// Parentheses within parentheses of a filter.
inline constexpr int kMaxFilterDepth = 32;

// Comparisons of a filter; one inside a stored message counts as one more for each step of
// its path, because its SQL grows with them.
inline constexpr int kMaxFilterComparisons = 100;

// Names of a filter's member, "a.b.c" has 3.
inline constexpr size_t kMaxFilterPath = 10;

// Bytes of metadata that a request may bring: above the 64 KB of headers that
// the gateway accepts and passes on in part.
inline constexpr int kMaxMetadataBytes = 96 * 1024;

// A deadline that is further away counts as none: the default holds.
inline constexpr std::chrono::hours kLongestDeadline{24};

// Rows of one import that may be under way, and bytes of their values; a larger
// row goes alone. Reading stops meanwhile, so that gRPC holds the client back.
inline constexpr int kMaxImportRows = 2048;
inline constexpr size_t kMaxImportBytes = 16 * 1024 * 1024;

// Failures of an import that its answer lists, and bytes of the status of each.
inline constexpr size_t kMaxImportFailures = 100;
inline constexpr size_t kMaxFailureBytes = 1024;

// Rows of an export's page at most, in its first page, and the bytes after which
// a page ends; the row that crosses them is its last.
inline constexpr int kMaxExportRows = 1000;
inline constexpr int kFirstExportRows = 100;
inline constexpr int kMaxExportBytes = 2 * 1024 * 1024;

// A stream looks after itself so often: whether the server stops, whether its
// other end is still there, whether to try again.
inline constexpr std::chrono::milliseconds kStreamTick{100};

// A stream whose client sends nothing, or takes nothing, for so long is ended.
inline constexpr std::chrono::minutes kMaxStreamSilence{5};

// How long an export without a deadline waits for a database that went away.
inline constexpr std::chrono::seconds kMaxExportOutage{60};

// A command that prints credentials is killed after this time; what it prints has so many
// bytes at most.
inline constexpr std::chrono::seconds kCredentialsTimeout{10};
inline constexpr size_t kMaxCredentialsBytes = 64 * 1024;

// Credentials are used again for this long, whatever happens: the connections of a start
// share them, and a database that refuses all does not make the command run without end.
inline constexpr std::chrono::seconds kCredentialsReuse{2};

// Credentials that expire are renewed so long before: a connection made at the last moment
// has still to arrive with them.
inline constexpr std::chrono::seconds kCredentialsMargin{60};

// The pause after an attempt to get credentials that failed, the first and the longest.
inline constexpr std::chrono::milliseconds kMinCredentialsPause{500};
inline constexpr std::chrono::seconds kMaxCredentialsPause{30};

// Lines of slow and failed calls in a second that the log has at most.
inline constexpr int kUnusualLines = 50;

// Bytes of the value of a claim that is the owner of rows; each index has it.
inline constexpr size_t kMaxOwnerBytes = 512;

}  // namespace dataservice
