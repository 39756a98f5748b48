// Collects the breaking changes of one side.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "schema/breaking/breaking.h"

namespace dataservice::breaking {

// Used during one comparison. Not thread-safe.
class Findings {
 public:
  Findings(Breakage::Side side, std::vector<Breakage>& out) : side_(side), out_(out) {}

  // `kind` is stable, because --allow and readers of the JSON use it.
  void Add(std::string kind, std::string element, std::string text) {
    out_.push_back({side_, std::move(kind), std::move(element), std::move(text)});
  }

 private:
  const Breakage::Side side_;
  std::vector<Breakage>& out_;
};

}  // namespace dataservice::breaking
