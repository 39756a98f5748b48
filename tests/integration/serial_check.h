// Compares a history of calls with a sequential model: a table that does one call
// after the other, each at once. Sound for what it finds: a contradiction is one
// whatever the order in which calls were done, if each took effect at a moment
// between its invocation and its return.
//
// - Each key alone: one order explains every answer (serial_search.h).
// - All keys together: batches, and reads of one moment, fit that order
//   (serial_graph.h).
// - What was done was done once, refused writes left nothing, and a version is
//   what its write makes of the one before (serial_versions.h, serial_units.h).
// - A list shows every row of its page that was there all the time, and a count
//   lies between what was surely there and what may have been.
#pragma once

#include <string>
#include <vector>

#include "serial_history.h"

namespace dataservice::test {

// Empty if the model explains the history. A key whose search comes to no end counts as
// `undecided`, or as a contradiction if nobody asks for those.
std::vector<std::string> FindContradictions(const std::vector<SerialCall>& history,
                                            size_t* undecided = nullptr);

}  // namespace dataservice::test
