// Where the calls of a server come from: gRPC has a queue for each registered method, and one for
// all other calls. What waits in one does not wait for the others.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <string>

#include "serve/connection/level.h"

namespace dataservice {

class CallSource {
 public:
  virtual ~CallSource() = default;

  // Asks gRPC for the next call: its completion queue gets the tag.
  virtual void Request(grpc::GenericServerContext& context,
                       grpc::GenericServerAsyncReaderWriter& stream, void* tag) = 0;
  // The path of a call that has come, "/package.Service/Method".
  virtual const std::string& PathOf(const grpc::GenericServerContext& context) const = 0;
  // What its calls are counted as.
  virtual Counted counted() const = 0;
};

// The calls of all methods that are not registered.
class OtherCalls final : public CallSource {
 public:
  void Register(grpc::ServerBuilder& builder, grpc::ServerCompletionQueue& queue);

  void Request(grpc::GenericServerContext& context, grpc::GenericServerAsyncReaderWriter& stream,
               void* tag) override;
  const std::string& PathOf(const grpc::GenericServerContext& context) const override {
    return context.method();
  }
  Counted counted() const override { return Counted::kCalls; }

 private:
  grpc::AsyncGenericService service_;
  grpc::ServerCompletionQueue* queue_ = nullptr;
};

// The calls of grpc.health.v1.Health/Check, which are answered while other calls wait, and do not
// count as calls: a probe is answered when the limits are reached.
class HealthChecks final : public CallSource, private grpc::Service {
 public:
  HealthChecks();
  void Register(grpc::ServerBuilder& builder, grpc::ServerCompletionQueue& queue);

  void Request(grpc::GenericServerContext& context, grpc::GenericServerAsyncReaderWriter& stream,
               void* tag) override;
  const std::string& PathOf(const grpc::GenericServerContext&) const override { return path_; }
  Counted counted() const override { return Counted::kHealthChecks; }

 private:
  const std::string path_;
  grpc::ServerCompletionQueue* queue_ = nullptr;
};

}  // namespace dataservice
