#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>
#include <variant>

#include "log.h"
#include "postgres/connection.h"
#include "serve/custom/custom_methods.h"
#include "serve/errors/errors.h"
#include "serve/execution/sink.h"

namespace dataservice {
namespace {

// As for the engine's own statements (serve/execution/database_sink.cc).
constexpr int kMaxAttempts = 5;
constexpr std::chrono::milliseconds kGrace{250};

// What a resource would be called in an error.
constexpr char kRow[] = "row";

absl::Status StatusOfCustom(const SqlError& error, Retryable retryable, bool late) {
  switch (error.kind) {
    case SqlErrorKind::kReference:
      return ReferenceMissing(kRow, {}, "");
    case SqlErrorKind::kUnique:
      return error.sqlstate == "23P01" ? Excluded(kRow, {}) : UniqueBroken(kRow, {});
    case SqlErrorKind::kRaised:
      return DatabaseRule(kRow, {}, error.message, error.hint, error.sqlstate);
    case SqlErrorKind::kValue:
      return InvalidArgument("", "the database refuses a value");
    case SqlErrorKind::kTimedOut:
      return StatementTimedOut();
    case SqlErrorKind::kLocked:
      return RowLocked(kRow, "");
    case SqlErrorKind::kLost:
      if (late) {
        return retryable == Retryable::kYes ? DeadlineExceeded() : DeadlineExceededOutcomeUnknown();
      }
      return retryable == Retryable::kYes ? DatabaseUnavailable() : OutcomeUnknown();
    case SqlErrorKind::kUnavailable:
    case SqlErrorKind::kRolledBack:
      return DatabaseUnavailable();
    case SqlErrorKind::kOther:
      break;
  }
  const std::string id = NewLogId();
  LogError("custom_statement_failed",
           {{"id", id}, {"sqlstate", error.sqlstate}, {"error", LogText(error)}});
  return Internal(id);
}

// The answer of an operation that a sink carries out while it is waited for.
class Answer final : public Completion {
 public:
  Answer(const Handler& handler, const CustomContext& caller)
      : handler_(handler), caller_(caller) {}

  void Succeed(Operation& operation, Outcome outcome) override {
    bytes_ = handler_.Respond(operation, std::move(outcome));
  }
  void Fail(Operation&, absl::Status status) override { bytes_ = std::move(status); }
  bool cancelled() const override { return caller_.cancelled(); }

  const absl::StatusOr<std::string>& bytes() const { return bytes_; }

 private:
  const Handler& handler_;
  const CustomContext& caller_;
  absl::StatusOr<std::string> bytes_;
};

}  // namespace

std::string_view CustomContext::Metadata(const char* name) const {
  return metadata_ == nullptr ? std::string_view() : metadata_->Metadata(name);
}

absl::StatusOr<QueryResult> CustomContext::Query(const std::string& sql,
                                                 const std::vector<std::string>& parameters,
                                                 Retryable retryable) {
  for (int attempt = 1;; ++attempt) {
    if (cancelled()) return Cancelled();
    if (std::chrono::system_clock::now() >= deadline()) return DeadlineExceeded();
    auto result = connection_.Run(sql, parameters, deadline() + kGrace);
    if (auto* rows = std::get_if<QueryResult>(&result)) return std::move(*rows);
    const SqlError& error = std::get<SqlError>(result);
    const bool late = std::chrono::system_clock::now() >= deadline();
    const bool again = error.kind == SqlErrorKind::kRolledBack ||
                       (error.kind == SqlErrorKind::kLost && retryable == Retryable::kYes);
    if (!again || late || attempt == kMaxAttempts) return StatusOfCustom(error, retryable, late);
  }
}

absl::Status CustomContext::CallStandard(const std::string& method,
                                         const google::protobuf::Message& request,
                                         google::protobuf::Message& response) {
  const auto found = standard_.find(method);
  if (found == standard_.end()) return UnknownMethod(method);
  const Handler& handler = *found->second;
  const std::string bytes = request.SerializeAsString();
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  auto operation = handler.Prepare(stream, {.deadline = deadline(), .metadata = metadata_});
  if (!operation.ok()) return operation.status();
  if (cancelled()) return Cancelled();
  if (std::chrono::system_clock::now() >= deadline()) return DeadlineExceeded();
  Answer answer(handler, *this);
  (*operation)->completion = &answer;
  Batch batch;
  batch.push_back(*std::move(operation));
  sink_.Execute(std::move(batch));
  if (!answer.bytes().ok()) return answer.bytes().status();
  return response.ParseFromString(*answer.bytes()) ? absl::OkStatus() : MalformedRequest();
}

}  // namespace dataservice
