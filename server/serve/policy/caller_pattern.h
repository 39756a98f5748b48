// Which callers a rule of the policy is for.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "serve/identity/caller.h"

namespace dataservice {

// Matches the callers that fulfil every condition that is given. Anonymous callers only match
// `anonymous`, and those whose identity was verified never do. Thread-safe while it is not changed.
struct CallerPattern {
  bool anonymous = false;
  // Any caller whose identity was verified.
  bool authenticated = false;
  std::optional<CallerKind> kind;
  // One of them matches; patterns (identity/name_pattern.h).
  std::vector<std::string> subjects;
  // One of them is the issuer of the caller's token.
  std::vector<std::string> issuers;
  // The token has all of these scopes.
  std::vector<std::string> scopes;
  // The token has all of these claims. A value equals the claim, or an element of a claim that is
  // a list; of a list of values, one does; of an object, each member does.
  google::protobuf::Struct claims;

  bool Matches(const Caller& caller) const;
};

}  // namespace dataservice
