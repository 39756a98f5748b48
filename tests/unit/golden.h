// Expected texts, one file a case, under testdata/.
#pragma once

#include <string>

namespace dataservice::test {

// Expects `actual` to be the text of testdata/`name`. With UPDATE_GOLDEN=1 in the
// environment the file is rewritten instead, for a reviewer to read.
void ExpectGolden(const std::string& name, const std::string& actual);

}  // namespace dataservice::test
