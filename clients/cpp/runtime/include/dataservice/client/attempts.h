#ifndef DATASERVICE_CLIENT_ATTEMPTS_H_
#define DATASERVICE_CLIENT_ATTEMPTS_H_

#include <absl/status/status.h>
#include <absl/time/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <optional>
#include <string>

#include "dataservice/client/consistency.h"
#include "dataservice/client/failure.h"
#include "dataservice/client/method.h"
#include "dataservice/client/options.h"
#include "dataservice/client/tokens.h"

namespace dataservice::client {

// What all calls of a client share. Thread-safe.
struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  absl::Duration deadline;
  Retry retry;
  // Null without tokens.
  std::shared_ptr<Tokens> tokens;
  // Null without telemetry.
  std::shared_ptr<Telemetry> telemetry;
  // How old the rows of reads may be (ReadConsistency). Absent: no read is eventual.
  std::optional<absl::Duration> max_staleness = {};
  std::shared_ptr<WriteClock> writes = std::make_shared<WriteClock>();
};

// Returns a connection whose reads are eventual, or are not. It shares everything else.
std::shared_ptr<const Connection> WithMaxStaleness(
    const std::shared_ptr<const Connection>& connection,
    std::optional<absl::Duration> max_staleness);

// One logical call: its deadline, its id, its attempts, and what is known of its outcome.
// Not thread-safe.
class Attempts {
 public:
  // identified: the service recognises a repetition by the request_id of the request.
  // The connection must outlive this object.
  Attempts(const Connection& connection, const Method& method, bool identified,
           const CallOptions& options);
  ~Attempts();

  // The deadline is that of each attempt too. Without this call, attempts have none.
  void LimitTo(absl::Duration time);

  // Waits for a connection before an attempt of a write. If there is none, the attempt has failed
  // with the status, and the service has certainly not received it: once a request is sent, gRPC
  // does not report whether it has arrived. Returns OK at once for a read, which does not need it.
  grpc::Status Connect();

  // Begins an attempt. The context is valid until the next one begins.
  grpc::ClientContext* Begin();

  // The attempt has failed. Waits, and returns nothing, if the call must be repeated; else
  // returns its error. may_repeat: false if a part of the response was used.
  std::optional<absl::Status> Failed(const grpc::Status& status, bool may_repeat = true);

  // The call was successful.
  void Succeeded();

  const std::string& request_id() const { return request_id_; }

 private:
  grpc::Status WaitForConnection() const;
  bool MayRepeat(const Error& error) const;
  bool Wait(absl::Duration after);
  void Ended();
  absl::Status End(const Failure& failure);

  const Connection& connection_;
  const Method& method_;
  const bool identified_;
  Cancellation* const cancellation_;
  const std::string request_id_;
  absl::Time deadline_ = absl::InfiniteFuture();
  int attempts_ = 0;
  bool sent_ = true;  // in this attempt, as far as it is known
  bool in_doubt_ = false;
  bool renewed_token_ = false;
  std::unique_ptr<CallObserver> observer_;
  std::optional<grpc::ClientContext> context_;
  std::optional<Cancellation::Registration> registration_;
};

// Returns the id of the call for the logs: that of the options, or a new one.
std::string RequestIdOf(const CallOptions& options);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_ATTEMPTS_H_
