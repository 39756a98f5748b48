// What a request asks of the database, ready to be batched with others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "serve/sql/statement.h"
#include "serve/values/values.h"

namespace dataservice {

class Connection;
class Sink;
struct Operation;

// What became of an operation that succeeded.
struct Outcome {
  // Get, create, upsert, update: the resource's message. List and batches: the
  // response's repeated field. Export: the rows' messages one after another.
  // Delete: empty.
  std::string bytes;
  // Export: where each row ends in `bytes`.
  std::vector<size_t> row_ends;
  // Create, upsert: the row did not exist before.
  bool created = false;
  // List: rows follow. Both: the position to continue after (serve/values/position.h).
  bool more = false;
  std::string position;
  // List: how many rows there are, where the shape asks for it.
  int64_t total = 0;
};

// Gets the answer of an operation, once, from any thread. Must not block.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void Succeed(Operation& operation, Outcome outcome) = 0;
  virtual void Fail(Operation& operation, absl::Status status) = 0;
  // Whether nobody waits for the answer any more. Thread-safe.
  virtual bool cancelled() const = 0;
};

// Whether the statement may run again when it is not known whether it ran.
enum class Retryable { kNo, kYes };

// The request_id (AIP-155) of a write: what is claimed under it is done once.
struct Claim {
  std::string request_id;
  // Hexadecimal digits of the digest of method, caller and request.
  std::string digest;
};

// One operation. The owner is the queue until a worker takes it.
struct Operation {
  using TimePoint = std::chrono::system_clock::time_point;

  // Equal pointers are equal shapes, which may share a batch. Null where nothing
  // is asked of the database: a batch method without elements.
  std::shared_ptr<const Statement> statement;
  // One value for each parameter of the statement.
  Values values;
  // The key's text as PostgreSQL prints it; empty for a list.
  std::string key;
  TimePoint deadline;
  Retryable retryable = Retryable::kNo;
  // Present if the statement's shape is claimed.
  std::optional<Claim> claim;
  // What a row that is not there means, where it is another error than usual.
  absl::Status if_missing;
  // Delete: a row that is not there is as good as one deleted.
  bool allow_missing = false;
  // An absent row is a version that does not match (If-Match), not "not found".
  bool must_exist = false;
  // A row that is there is a precondition that failed (If-None-Match: *).
  bool must_not_exist = false;
  // List: rows of a page; the statement's limit is one more.
  int page_size = 0;
  // List: what its next page token is bound to.
  std::string page_scope;
  // A batch method's elements, in the order of the request, each with statement,
  // values, key and preconditions of its own; all of them hold or none. Of reads
  // the statement is that of the whole as well; of writes it is the one that locks
  // their rows (ShapeKind::kLock). At most kMaxBatchSize.
  std::vector<std::unique_ptr<Operation>> parts;
  // The request's field that has the row, as the paths of violations begin; empty where the
  // request has a key alone. Lives as long as the contract.
  std::string_view row_field;
  // The request's field that has the parts, and the number of the response's that
  // gets their rows; 0 where they have none.
  std::string parts_field;
  int rows_field = 0;
  // Import: the place of its message in the stream, from 0.
  int64_t position = 0;
  // Nobody waits for this one alone: it may be part of a large batch.
  bool bulk = false;
  // Custom: runs on a worker instead of a statement and answers the operation. The
  // worker's connection and sink, on which it may run operations of its own, are
  // its alone meanwhile.
  std::function<void(Operation&, Connection&, Sink&)> work;
  Completion* completion = nullptr;  // outlives the operation

  // "requests[3]"
  std::string PartPath(size_t index) const;
  // Memory that it takes while it waits: bytes of its values, and its parts.
  size_t bytes() const;
  // Rows that it brings to a statement.
  size_t rows() const { return parts.empty() ? 1 : parts.size(); }
};

}  // namespace dataservice
