#include "serve/rpc/caller_error.h"

#include <gmock/gmock.h>

#include <string>

#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"
#include "serve/errors/errors.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

// The request_id that the caller gets, and what is logged meanwhile.
std::pair<std::string, std::string> IdOf(const std::string& x_request_id,
                                         const absl::Status& error) {
  testing::internal::CaptureStderr();
  const absl::Status returned = CallerError(x_request_id, error);
  std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(returned.code(), error.code());
  EXPECT_EQ(returned.message(), error.message());
  google::rpc::RequestInfo info;
  FindDetail(returned, info);
  return {info.request_id(), log};
}

TEST(CallerErrorTest, HasTheIdOfTheCallerWhichTheLogConnects) {
  for (const std::string& id : {std::string("a"), std::string(128, '~')}) {
    const auto [found, log] = IdOf(id, Internal("log-7"));
    EXPECT_EQ(found, id);
    EXPECT_THAT(log, HasSubstr(R"("event":"error_returned","id":"log-7","x_request_id":")" + id));
  }
}

TEST(CallerErrorTest, KeepsItsOwnIdWithoutAValidOne) {
  for (const std::string& id :
       {std::string(), std::string("a b"), std::string("a\nb"), std::string("\xc3\xbc"),
        std::string(129, 'a'), std::string("a\0b", 3)}) {
    const auto [found, log] = IdOf(id, Internal("log-7"));
    EXPECT_EQ(found, "log-7") << id;
    EXPECT_EQ(log, "");
  }
}

TEST(CallerErrorTest, AnErrorWithoutDetailsInTheLogIsUnchanged) {
  const auto [found, log] = IdOf("mine", QueueFull());
  EXPECT_EQ(found, "");
  EXPECT_EQ(log, "");
  EXPECT_EQ(CallerError("mine", absl::OkStatus()), absl::OkStatus());
}

}  // namespace
}  // namespace dataservice::test
