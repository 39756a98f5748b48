// One import of many rows over one stream.
#pragma once

#include <cstdint>

#include "loop.h"

namespace bench {

// Imports `rows` books and counts each as a call; those that the answer does not
// say were stored are errors.
Measurement Import(const LoadSettings& settings, uint64_t rows);

}  // namespace bench
