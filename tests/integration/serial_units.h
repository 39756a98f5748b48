// Writes as they can have taken effect: once for all calls of one request_id.
#pragma once

#include <string>
#include <vector>

#include "serial_history.h"

namespace dataservice::test {

struct SerialUnit {
  // The first call that may have done it was sent, and the first that says so returned.
  SerialTime invoked = 0;
  SerialTime returned = kNever;
  // Otherwise nobody knows.
  bool done = false;
  // Whose writes and rows it has.
  const SerialCall* call = nullptr;
};

// The units of a history, which outlives them; what contradicts request_ids goes
// to `contradictions`.
std::vector<SerialUnit> UnitsOf(const std::vector<SerialCall>& history,
                                std::vector<std::string>& contradictions);

}  // namespace dataservice::test
