// Requests -> operations by the handlers of the second contract, without a database.
#pragma once

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "contract/fixture.h"
#include "serve/request/handlers.h"

namespace dataservice::test {

using Prepared = absl::StatusOr<std::unique_ptr<Operation>>;

class PreparedRequests {
 public:
  Prepared Prepare(const std::string& method, const google::protobuf::Message& request,
                   const RequestContext& context = {}) {
    return PrepareBytes(method, request.SerializeAsString(), context);
  }

  Prepared PrepareBytes(const std::string& method, const std::string& bytes,
                        const RequestContext& context = {}) {
    for (const auto& handler : handlers_.unary) {
      if (!handler->path().ends_with("/" + method)) continue;
      google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
      return handler->Prepare(stream, context);
    }
    return absl::NotFoundError(method);
  }

  // A method of the second contract.
  static const Method& MethodOf(const std::string& name) {
    for (const auto& method : TypesContract().methods()) {
      if (method->descriptor->name() == name) return *method;
    }
    ADD_FAILURE() << "no method " << name;
    return *TypesContract().methods().front();
  }

 protected:
  struct NoSink : Sink {
    void Execute(Batch) override {}
  };

  PageTokenSigner signer_{"key"};
  Executor executor_{{.workers = 1}, [] { return std::make_unique<NoSink>(); }};
  Handlers handlers_ = MakeHandlers({TypesContract(), executor_, signer_});
};

// The work of an operation that was prepared.
template <typename Kind>
const Kind& WorkOf(const Prepared& operation) {
  return std::get<Kind>((*operation)->work);
}

// The shape of its statement, of that kind.
template <typename Kind>
const Kind& ShapeOf(const Prepared& operation) {
  return std::get<Kind>(StatementOf((*operation)->work)->shape);
}

}  // namespace dataservice::test
