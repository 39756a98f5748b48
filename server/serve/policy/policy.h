// The policy: who may call which methods, and with which fields (README.md).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "contract/contract.h"
#include "serve/identity/caller.h"
#include "serve/policy/access.h"
#include "serve/policy/rule.h"

namespace dataservice {

// Rules only grant: a call is permitted if one rule is for its caller and its method. If several
// are, the call has what any of them grants: a field is hidden or read-only only if it is in each
// of them. Immutable; thread-safe.
class Policy {
 public:
  // Reads a policy's text. `file` is its name in messages. INVALID_ARGUMENT with a line
  // "file:line:column: problem" for each problem. The contract outlives the policy.
  static absl::StatusOr<std::shared_ptr<const Policy>> Parse(std::string_view text,
                                                             std::string_view file,
                                                             const Contract& contract);

  // What a call of that path ("/package.Service/Method") may do. UNAUTHENTICATED if the caller
  // is anonymous and no rule permits the call, PERMISSION_DENIED if another caller may not. Not
  // to be asked for methods that are open to everybody (UnaryHandler::is_open).
  absl::StatusOr<AccessPtr> Decide(const Caller& caller, std::string_view path) const;

  // Whether the caller's calls of the method see the rows of all owners. The access of a call
  // has the same answer: Access::all_rows().
  bool SeesAllRows(const Caller& caller, const Method& method) const;

  // The rules that are for the caller and the path, in the order of the file.
  std::vector<const Rule*> RulesFor(const Caller& caller, std::string_view path) const;

 private:
  using Rules = std::vector<const Rule*>;

  Policy(std::vector<Rule> rules, const Contract& contract);
  // What several rules permit together. `rules` is not empty.
  AccessPtr AccessOf(const Rules& rules) const;
  AccessPtr Combine(const Rules& rules) const;

  const std::vector<Rule> rules_;
  std::vector<const google::protobuf::Descriptor*> responses_;
  absl::flat_hash_map<std::string, Rules> by_path_;
  // What each rule permits if it is the only one.
  absl::flat_hash_map<const Rule*, AccessPtr> alone_;
  mutable absl::Mutex mutex_;
  // The combinations of several rules that have been needed so far.
  mutable std::map<Rules, AccessPtr> access_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
