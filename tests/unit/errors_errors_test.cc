#include "errors/errors.h"

#include <gtest/gtest.h>

#include "errors/details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dataservice {
namespace {

// Clients take 8 KB of headers: message and details must fit, in their encodings.
void ExpectFits(const absl::Status& status) {
  EXPECT_LT(status.message().size() * 3 + SerializedRpcStatus(status).size() * 4 / 3, 8000U);
}

TEST(Errors, FitIntoHeadersWhateverCallersSent) {
  const std::string long_text(100000, 'x');
  ExpectFits(NotFound("type", long_text));
  ExpectFits(EtagMismatch("type", long_text));
  ExpectFits(InvalidArgument(long_text, long_text));
  std::vector<Violation> many(100);
  for (Violation& violation : many) violation.field = violation.description = long_text;
  ExpectFits(InvalidArgument(many));
}

TEST(Errors, AreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xF0\x9F\x93\x9A";
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(SerializedRpcStatus(NotFound("type", "x" + text))));
  EXPECT_EQ(status.details_size(), 1);
}

TEST(Errors, SayHowManyMoreThereAre) {
  std::vector<Violation> many(100);
  for (Violation& violation : many) violation.description = std::string(190, 'x');
  EXPECT_NE(InvalidArgument(many).message().find(" more)"), absl::string_view::npos);
}

}  // namespace
}  // namespace dataservice
