// A server with a policy, whose callers say who they are, and an audit log.
#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dataservice/v1/calls.pb.h"
#include "engine_fixture.h"
#include "serve/audit/audit_log.h"
#include "temp_folder.h"

namespace dataservice::test {

// Believes the metadata authorization: it is the subject; "forged" is refused.
class NaiveAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<CallerPtr> Identify(const Peer& peer,
                                     const AuthorizationValues& authorization) const override;
};

// Keeps the lines.
class KeptAudit final : public AuditLog {
 public:
  void Add(const AuditRecord& record) override;
  // The lines since the last time.
  std::vector<std::string> Take();

 private:
  absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

class PolicyTest : public EngineTest {
 protected:
  // Begins with the policy of policy_fixture.cc.
  PolicyTest();

  // Replaces the policy's file, by rename, and waits until the server has taken it, or, if it is
  // broken, has looked at it.
  void Replace(const std::string& policy);

  // Calls a method of types.v1 as `subject`, who is anonymous if empty.
  template <typename Request, typename Response>
  grpc::Status CallAs(const std::string& subject, const std::string& method, const Request& request,
                      Response& response, std::multimap<std::string, std::string> metadata = {}) {
    if (!subject.empty()) metadata.emplace("authorization", subject);
    return guarded_->Call(method, request, response, 10000, metadata);
  }
  // Calls a method in a stream of CallService.
  grpc::StatusCode ExchangeAs(const std::string& subject, const std::string& method,
                              const google::protobuf::Message& request);

  const TempFolder folder_;
  NaiveAuthenticator authenticator_;
  KeptAudit audit_;
  std::unique_ptr<Contract> contract_;
  std::unique_ptr<PolicyFile> policy_;
  std::unique_ptr<Engine> guarded_;
};

}  // namespace dataservice::test
