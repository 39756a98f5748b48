// Whether one order explains the calls of all keys together: what searches key by
// key cannot see, such as half a batch in one answer.
#pragma once

#include <map>
#include <string>

#include "serial_model.h"

namespace dataservice::test {

// A circle of calls of which each must come before the next (Adya's direct
// serialization graph, with the order in real time); empty if there is none. It
// takes what is certain: the versions of one row, who wrote them and who saw them in
// one moment. Deletions, and rows of one key that followed each other, are left out.
std::string FindCircle(const std::map<std::string, KeyHistory>& keys, SerialTime start);

}  // namespace dataservice::test
