#ifndef DATASERVICE_CLIENT_TOKENS_H_
#define DATASERVICE_CLIENT_TOKENS_H_

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "dataservice/client/options.h"

namespace dataservice::client {

// The token of a source, which is kept until a minute before it expires. Thread-safe.
class Tokens {
 public:
  explicit Tokens(TokenSource source) : source_(std::move(source)) {}

  // Returns the token. Calls the source if there is none that is fresh.
  absl::StatusOr<std::string> Get();
  // Reports whether Get would return at once.
  bool HasFresh() const;
  // Forgets the token, which the service has rejected.
  void Drop();

 private:
  const TokenSource source_;
  absl::Mutex turn_;  // Who has it may call the source.
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(turn_);
  Token token_ ABSL_GUARDED_BY(mutex_);
};

// Returns credentials that send the token with each call.
std::shared_ptr<grpc::CallCredentials> CredentialsOf(std::shared_ptr<Tokens> tokens);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_TOKENS_H_
