#ifndef DATASERVICE_CLIENT_OPTIONS_H_
#define DATASERVICE_CLIENT_OPTIONS_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <grpcpp/support/channel_arguments.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dataservice/client/cancellation.h"
#include "dataservice/client/telemetry.h"

namespace dataservice::client {

// Files of TLS, in PEM format. They are read when a client is made, and again when they have
// changed: new connections use the new files.
struct Tls {
  // The authorities that sign the service's certificate; empty: those of the operating
  // system.
  std::string ca;
  // The client's own certificate and its key, for a service that requires one (mutual TLS).
  std::string certificate, key;
  // The name in the service's certificate; empty: the host of the target.
  std::string server_name;
};

// A bearer token (RFC 6750).
struct Token {
  // Sent as "authorization: Bearer VALUE".
  std::string value;
  // When the token becomes invalid; InfiniteFuture if that is not known.
  absl::Time expiry = absl::InfiniteFuture();
};

// Returns a token. It is called before the first call, again a minute before the token
// expires, and after the service has rejected a token; never by two threads at a time.
using TokenSource = std::function<absl::StatusOr<Token>()>;

// Bounds the repetitions of a call. The pause before repetition n is random between 0 and
// base * 2^(n-1), at most cap ("full jitter"), and starts after the RetryInfo of the service,
// if it sent one. A call is not repeated if its deadline would pass in the pause.
struct Retry {
  // How often a call is sent at most; 1 never repeats.
  int attempts = 30;
  // The longest pause before the first repetition.
  absl::Duration base = absl::Milliseconds(50);
  // The longest pause.
  absl::Duration cap = absl::Seconds(3);
};

// How a client connects, and what its calls do unless their own options differ.
struct ConnectOptions {
  // Used unless cleartext is set.
  Tls tls = {};
  // Connects without TLS.
  bool cleartext = false;
  // Returns the bearer token of the calls; it requires TLS.
  TokenSource token = {};
  // The time of a call with all its repetitions. Imports and exports have their own.
  absl::Duration deadline = absl::Seconds(30);
  Retry retry = {};
  // Observes calls. Default: the OpenTelemetry API, if the package was built with it.
  std::shared_ptr<Telemetry> telemetry = {};
  // Changes the arguments of the channel after the client has set its own.
  std::function<void(grpc::ChannelArguments&)> channel_arguments = {};
};

// Options of one call.
struct CallOptions {
  // The time of the call with all its repetitions. Default: that of the client.
  std::optional<absl::Duration> deadline = {};
  // Ends the call from another thread. It must outlive the call.
  Cancellation* cancellation = nullptr;
  // Identifies the call in the logs of the service (metadata x-request-id). Empty: a new id.
  std::string request_id = {};
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_OPTIONS_H_
