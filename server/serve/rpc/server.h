// The gRPC server.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "serve/connection/client_connections.h"
#include "serve/connection/connection_limits.h"
#include "serve/identity/authenticator.h"
#include "serve/request/admission.h"
#include "serve/request/call_observer.h"
#include "serve/request/handlers.h"
#include "serve/rpc/tls_files.h"

namespace dataservice {

struct RpcSettings {
  // Where to listen. 0 as the port takes any free one.
  std::string address = "127.0.0.1:50051";
  TlsSettings tls;
  // Whether a server without TLS may listen where other machines can reach it.
  bool allow_cleartext = false;
  ConnectionLimits limits;
  // Threads that read and write messages; the workers do the work.
  int threads = 2;
  // Bytes of a request message. A larger one is RESOURCE_EXHAUSTED. Above the
  // gateway's limit of 4 MiB of JSON, because a list of numbers grows by it.
  int max_message_bytes = 16 * 1024 * 1024;
  // Time for a call whose client gave none.
  std::chrono::milliseconds default_deadline{30000};
  // When the server stops: how long it goes on as before after it reported NOT_SERVING, so
  // that load balancers notice first.
  std::chrono::milliseconds drain_delay{0};
  // When the server stops: the time for calls to end.
  std::chrono::milliseconds drain_timeout{20000};
};

// Serves the handlers' methods, server reflection and grpc.health.v1.
class RpcServer {
 public:
  // Answers the calls of the handlers that are under way, by a time.
  using DrainWork = std::function<void(std::chrono::system_clock::time_point limit)>;

  // UNAVAILABLE if the address cannot be listened on, INVALID_ARGUMENT if the files of TLS cannot
  // be used, or other machines could connect without TLS and must not. The contract, what the
  // admitter has, what `drain_work` uses, and the observer, which may be null, must outlive it.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(
      const RpcSettings& settings, const Contract& contract, Handlers handlers,
      const Admitter& admitter, DrainWork drain_work, CallObserver* observer = nullptr);
  virtual ~RpcServer() = default;

  virtual int port() const = 0;

  // False from the beginning of the drain on.
  virtual bool is_serving() const = 0;

  // Also after the drain.
  virtual ConnectionsState connections_state() const = 0;

  // Reports NOT_SERVING, then answers new calls UNAVAILABLE, lets those under way end within
  // the drain time-out and cancels the others. The workers must still run. A call that
  // arrives at the very end, after a pause without calls, may get CANCELLED: gRPC answers it,
  // and nothing was done.
  virtual void Drain() = 0;
};

}  // namespace dataservice
