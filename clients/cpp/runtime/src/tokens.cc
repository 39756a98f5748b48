#include "dataservice/client/tokens.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <map>
#include <utility>

namespace dataservice::client {
namespace {

// How long before its expiry a token is replaced.
constexpr absl::Duration kRenewBefore = absl::Minutes(1);

class Plugin : public grpc::MetadataCredentialsPlugin {
 public:
  explicit Plugin(std::shared_ptr<Tokens> tokens) : tokens_(std::move(tokens)) {}

  // gRPC uses a thread of its own if the call of the source can block.
  bool IsBlocking() const override { return !tokens_->HasFresh(); }

  const char* GetType() const override { return "bearer"; }

  grpc::Status GetMetadata(grpc::string_ref, grpc::string_ref, const grpc::AuthContext&,
                           std::multimap<grpc::string, grpc::string>* metadata) override {
    const absl::StatusOr<std::string> token = tokens_->Get();
    if (!token.ok()) {
      return grpc::Status(static_cast<grpc::StatusCode>(token.status().code()),
                          std::string(token.status().message()));
    }
    metadata->emplace("authorization", absl::StrCat("Bearer ", *token));
    return grpc::Status::OK;
  }

 private:
  const std::shared_ptr<Tokens> tokens_;
};

}  // namespace

bool Tokens::HasFresh() const {
  absl::MutexLock lock(&mutex_);
  return !token_.value.empty() && token_.expiry - kRenewBefore > absl::Now();
}

absl::StatusOr<std::string> Tokens::Get() {
  const auto current = [this]() {
    absl::MutexLock lock(&mutex_);
    return token_.value;
  };
  if (HasFresh()) return current();
  absl::MutexLock turn(&turn_);
  if (HasFresh()) return current();
  absl::StatusOr<Token> token = source_();
  if (!token.ok()) return token.status();
  absl::MutexLock lock(&mutex_);
  token_ = *std::move(token);
  return token_.value;
}

void Tokens::Drop() {
  absl::MutexLock lock(&mutex_);
  token_ = Token();
}

std::shared_ptr<grpc::CallCredentials> CredentialsOf(std::shared_ptr<Tokens> tokens) {
  return grpc::MetadataCredentialsFromPlugin(std::make_unique<Plugin>(std::move(tokens)));
}

}  // namespace dataservice::client
