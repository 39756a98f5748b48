// A server, over real connections, whose one method says who the caller is.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "contract/fixture.h"
#include "serve/execution/executor.h"
#include "serve/rpc/server.h"
#include "serve/rpc/test_ca.h"

namespace dataservice::test {

using Metadata = std::multimap<std::string, std::string>;

class CallerServer {
 public:
  // `authenticator` and `observer` outlive it; may be null.
  CallerServer(RpcSettings settings, const Authenticator* authenticator,
               CallObserver* observer = nullptr);

  int port() const { return server_->port(); }

  // The CallerKey of the caller of a call over this channel, or "CODE reason" of its error. With
  // `through_calls` the call is one of CallService, and the metadata are its own.
  std::string Call(const std::shared_ptr<grpc::Channel>& channel, const Metadata& metadata = {},
                   bool through_calls = false);
  // The status of grpc.health.v1.Health/Check.
  grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                           const Metadata& metadata = {});

  // A channel with a connection of its own. Without `ca` it is cleartext; without `own` the
  // client has no certificate.
  std::shared_ptr<grpc::Channel> Connect(const std::string& ca = "", const PemPair& own = {});

 private:
  struct NoSink : Sink {
    void Execute(Batch) override {}
  };

  Executor executor_{{.workers = 1}, [] { return std::make_unique<NoSink>(); }};
  std::unique_ptr<RpcServer> server_;
};

}  // namespace dataservice::test
