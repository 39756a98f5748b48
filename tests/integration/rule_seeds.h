// Every value that a field's rules name.
#pragma once

#include <google/protobuf/message.h>

#include <set>
#include <string>

#include "absl/numeric/int128.h"

namespace dataservice::test {

struct RuleSeeds {
  std::set<absl::int128> integers;  // lengths and sizes as well
  std::set<double> floats;
  std::set<std::string> texts;  // bytes as well
  std::set<absl::int128> micros;
};

RuleSeeds SeedsOf(const google::protobuf::Message& rules);

}  // namespace dataservice::test
