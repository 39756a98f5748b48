// Whether counts of rows lie between what was surely there and what may have been.
#pragma once

#include <string>
#include <vector>

#include "serial_model.h"

namespace dataservice::test {

std::vector<std::string> CheckCounts(const SerialModel& model,
                                     const std::vector<SerialCall>& history, SerialTime start);

}  // namespace dataservice::test
