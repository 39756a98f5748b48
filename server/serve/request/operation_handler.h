// Unary methods whose requests become operations, which the workers do.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "contract/method.h"
#include "serve/execution/executor.h"
#include "serve/reader/reader.h"
#include "serve/request/unary.h"

namespace dataservice {

// Immutable; thread-safe.
class OperationHandler : public UnaryHandler {
 public:
  const std::string& path() const override { return method_.path; }

  // Prepares the operation and submits it. The response is Protobuf or JSON (json_response.h).
  void Handle(google::protobuf::io::ZeroCopyInputStream& request, const RequestContext& context,
              UnaryCall& call) const final;

  // The request's bytes -> an operation without its completion. Reports everything that is
  // wrong with the request, all violations at once; nothing is executed.
  virtual absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& request, const RequestContext& context) const = 0;

  // The outcome of an operation of Prepare() -> the response.
  virtual Response Respond(const Operation& operation, Outcome outcome) const;

  // Removes the fields that are hidden from the caller from a response's message.
  absl::Status Redact(const Access& access, std::string& message) const;

  // Lets the worker write as JSON what it can of the response of an operation of Prepare().
  virtual void AskForJson(Operation&) const {}

  // With it, a later read sees what this handler has written so far (Reader::Token); empty if there
  // is no reader.
  std::string ConsistencyToken() const;

 protected:
  // All outlive it. `reader` is null if there is none.
  OperationHandler(const Method& method, Executor& executor, Reader* reader = nullptr)
      : method_(method),
        executor_(executor),
        reader_(reader),
        json_(*method.descriptor->output_type()) {}

  const Method& method_;
  Executor& executor_;

 private:
  friend class UnaryCall;

  // Submits an operation of Prepare(), which has its completion.
  void Submit(std::unique_ptr<Operation> operation, const RequestContext& context,
              UnaryCall& call) const;
  // Submits an operation that failed on the reader to the writer.
  void Repeat(const Operation& operation) const;
  // Counts an operation that is answered, if the reader has executed it.
  void CountAnswer(const Operation& operation, const absl::Status& status) const;
  // Adds to a response what its caller learns about the reader.
  void AddConsistency(const Operation& operation, Response& response) const;

  // Makes a response of Respond() JSON.
  absl::Status ToJson(const JsonResponse& asked, const Operation& operation, const Access& access,
                      Response& response) const;

  Reader* const reader_;
  const JsonWriter json_;
};

}  // namespace dataservice
