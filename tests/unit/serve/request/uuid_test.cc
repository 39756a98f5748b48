#include "serve/request/uuid.h"

#include <gtest/gtest.h>

#include <set>

#include "contract/rules/string_formats.h"

namespace dataservice {
namespace {

TEST(NewUuid, IsOfVersion7AndDiffers) {
  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) {
    const std::string uuid = NewUuid();
    ASSERT_TRUE(rules::IsUuid(uuid)) << uuid;
    EXPECT_EQ(uuid[14], '7') << uuid;
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second) << uuid;
  }
}

}  // namespace
}  // namespace dataservice
