#include "serve/values/etag.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

TEST(Etag, GoesThereAndBack) {
  for (const Instant time : {Instant{0, 1000}, Instant{-62135596800, 0},
                             Instant{253402300799, 999999000}, Instant{1764000000, 123456000}}) {
    std::string etag;
    AppendEtag(time, 0, etag);
    std::string text;
    AppendTimestamp(time, text);
    EXPECT_EQ(TimestampOfEtag(etag), text);
  }
}

TEST(Etag, CountsOn) {
  std::string etag, next;
  AppendEtag({1764000000, 999999000}, 1, etag);
  AppendEtag({1764000001, 0}, 0, next);
  EXPECT_EQ(etag, next);
}

TEST(Etag, AnythingElseMatchesNoRow) {
  for (const char* etag : {"", "*", "xyz", "0x1", "-1", "00e320ffacec13fc", "E320FFACEC13FC",
                           "ffffffffffffffff", "fffffffffffffffffffff"}) {
    EXPECT_EQ(TimestampOfEtag(etag), "-infinity") << etag;
  }
}

}  // namespace
}  // namespace dataservice
