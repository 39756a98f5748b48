#ifndef DATASERVICE_CLIENT_CHANNEL_H_
#define DATASERVICE_CLIENT_CHANNEL_H_

#include <absl/status/statusor.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

#include "dataservice/client/options.h"
#include "dataservice/client/tokens.h"

namespace dataservice::client {

// Returns the arguments of a channel to the service: its gRPC service config (round robin over
// the addresses of the target), keepalive within the limits of the server, short pauses before
// a reconnection. retry: gRPC repeats reads by itself; for channels of a program's own, with
// bare stubs.
grpc::ChannelArguments ChannelArgumentsOf(const std::string& service_config, bool retry);

// Returns a channel. Does not wait for the service. `tokens` can be null. Errors:
// INVALID_ARGUMENT for a file of TLS that cannot be read, a certificate without its key, and
// tokens without TLS.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& target,
                                                           const ConnectOptions& options,
                                                           std::shared_ptr<Tokens> tokens,
                                                           const std::string& service_config,
                                                           const std::string& user_agent);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_CHANNEL_H_
