// The kinds of work that the workers do, each with what it needs and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "serve/sql/statement.h"
#include "serve/values/values.h"

namespace dataservice {

class Connection;
class JsonWriter;
class Sink;
struct Operation;

// Whether a statement may run again when it is not known whether it ran.
enum class Retryable { kNo, kYes };

// The request_id (AIP-155) of a write: the write that claims it is done once.
struct Claim {
  // As the caller gave it.
  std::string request_id;
  // As the table of claims has it. Callers of a resource with an owner have request_ids of their
  // own, so that it is another text for each owner.
  std::string stored_id;
  // Hexadecimal digits of the digest of method, caller and request.
  std::string digest;
};

// Reads the row of one key.
struct ReadWork {
  std::shared_ptr<const Statement> statement;  // GetShape
  // One value for each parameter of the statement.
  Values values;
  // The key's text as PostgreSQL prints it.
  std::string key;
  // The owner's, if the resource has one; else empty.
  std::string owner;
};

// Reads the rows of several keys, all or none (AIP-231). Shares statements with ReadWork.
struct BatchReadWork {
  // In the order of the request, all of one statement; at most kMaxBatchSize.
  std::vector<ReadWork> reads;
  // The request's field that has the keys.
  std::string elements_field;
  // The number of the response's field that gets the rows.
  int rows_field = 0;
};

// Writes one row: creates, updates, upserts or deletes it.
struct WriteWork {
  std::shared_ptr<const Statement> statement;
  Values values;
  std::string key;
  std::string owner;
  // The request's field that has the row, which is the first step of the paths of
  // violations; empty where the request has only a key. Lives as long as the contract.
  std::string_view row_field;
  // Present if the statement's shape is claimed.
  std::optional<Claim> claim;
  // The error if the row does not exist; OK: the usual one.
  absl::Status if_missing;
  // Delete: a row that does not exist counts as deleted.
  bool allow_missing = false;
  // If-Match: a row that does not exist is a version that does not match.
  bool must_exist = false;
  // If-None-Match: *: a row that exists is a precondition that failed.
  bool must_not_exist = false;
};

// The key of a row and, if each owner has keys of its own, the owner; otherwise it is empty.
using PrimaryKeyValue = std::pair<std::string_view, std::string_view>;

// Views of `work`. No statement can write two rows of one primary key.
PrimaryKeyValue PrimaryKeyOf(const WriteWork& work);

// Writes several rows in one transaction, all or none (AIP-233 to 235).
struct BatchWriteWork {
  // Locks the rows (LockShape).
  std::shared_ptr<const Statement> lock;
  // In the order of the request, no two of one key, none claimed; at most kMaxBatchSize.
  std::vector<WriteWork> writes;
  std::optional<Claim> claim;
  std::string elements_field;
  int rows_field = 0;  // 0: the response has no rows
};

// Reads a page of a list.
struct PageWork {
  std::shared_ptr<const Statement> statement;  // ListShape
  Values values;
  // Rows of the page; the statement's limit is one more.
  int page_size = 0;
  // What the token of the next page is bound to.
  std::string page_scope;
  // Writes the rows as JSON; null for Protobuf's binary form.
  const JsonWriter* json = nullptr;
};

// Reads a page of an export.
struct ExportWork {
  std::shared_ptr<const Statement> statement;  // ExportShape
  Values values;
};

// Runs a custom method.
struct CustomWork {
  // Methods take turns in the queue as statements do; compared only.
  const void* method = nullptr;
  // The message's wire bytes.
  std::string request;
  // Answers the operation. Until it returns it has the worker's connection and sink to
  // itself, and may execute operations of its own on the sink.
  std::function<void(Operation&, Connection&, Sink&)> run;
};

using Work = std::variant<ReadWork, BatchReadWork, WriteWork, BatchWriteWork, PageWork, ExportWork,
                          CustomWork>;

// Yes for reads, and for writes that claim a request_id: whether they ran can be looked up.
Retryable RetryableOf(const Work& work);

// The statement of the work; null for a custom method, and for a batch without elements.
const Statement* StatementOf(const Work& work);

// "requests[3]"
std::string ElementPath(std::string_view elements_field, size_t index);

}  // namespace dataservice
