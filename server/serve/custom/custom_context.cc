#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <chrono>
#include <utility>
#include <variant>

#include "postgres/connection.h"
#include "serve/custom/custom_methods.h"
#include "serve/errors/errors.h"
#include "serve/execution/error_status.h"
#include "serve/execution/retry.h"
#include "serve/execution/sink.h"

namespace dataservice {
namespace {

// The result of an operation that the sink executes while it is waited for.
class WaitingCompletion final : public Completion {
 public:
  WaitingCompletion(const OperationHandler& handler, const CustomContext& caller)
      : handler_(handler), caller_(caller) {}

  void Succeed(Operation& operation, Outcome outcome) override {
    std::string message = handler_.Respond(operation, std::move(outcome)).message;
    const absl::Status status = handler_.Redact(caller_.access(), message);
    if (status.ok()) {
      message_ = std::move(message);
    } else {
      message_ = status;
    }
  }
  void Fail(Operation&, absl::Status status) override { message_ = std::move(status); }
  bool cancelled() const override { return caller_.cancelled(); }

  // The response's message, or the error.
  const absl::StatusOr<std::string>& message() const { return message_; }

 private:
  const OperationHandler& handler_;
  const CustomContext& caller_;
  absl::StatusOr<std::string> message_;
};

}  // namespace

std::string_view CustomContext::Metadata(const char* name) const {
  return request_.metadata == nullptr ? std::string_view() : request_.metadata->Metadata(name);
}

absl::Status CustomContext::CheckWaiting() const {
  return IsAbandoned(operation_, std::chrono::system_clock::now()) ? StatusOfAbandoned(operation_)
                                                                   : absl::OkStatus();
}

absl::StatusOr<QueryResult> CustomContext::Query(const std::string& sql,
                                                 const std::vector<std::string>& parameters,
                                                 Retryable retryable) {
  absl::Status waiting = CheckWaiting();
  if (!waiting.ok()) return waiting;
  RetryLimit limit{.retryable = retryable, .statement = LimitOf(operation_)};
  auto result = RunWithRetry(connection_, limit,
                             [&] { return connection_.Run(sql, parameters, limit.statement); });
  if (auto* rows = std::get_if<QueryResult>(&result)) return std::move(*rows);
  return StatusOfError({.harmless = retryable == Retryable::kYes, .deadline = deadline()},
                       std::get<SqlError>(result));
}

absl::Status CustomContext::CallStandard(const std::string& method,
                                         const google::protobuf::Message& request,
                                         google::protobuf::Message& response) {
  const auto found = standard_.find(method);
  if (found == standard_.end()) return UnknownMethod(method);
  const OperationHandler& handler = *found->second;
  const std::string bytes = request.SerializeAsString();
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  auto operation = handler.Prepare(stream, {.deadline = deadline(),
                                            .caller = request_.caller,
                                            .access = request_.access,
                                            .metadata = request_.metadata});
  if (!operation.ok()) return operation.status();
  absl::Status waiting = CheckWaiting();
  if (!waiting.ok()) return waiting;
  WaitingCompletion completion(handler, *this);
  (*operation)->completion = &completion;
  if (!AnswerIfEmpty(**operation)) {
    Batch batch;
    batch.push_back(*std::move(operation));
    sink_.Execute(std::move(batch));
  }
  if (!completion.message().ok()) return completion.message().status();
  return response.ParseFromString(*completion.message()) ? absl::OkStatus() : MalformedRequest();
}

}  // namespace dataservice
