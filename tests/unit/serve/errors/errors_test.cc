#include "serve/errors/errors.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "serve/errors/details.h"

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

TEST(Errors, OfAnElementNameIt) {
  google::rpc::ErrorInfo info;
  const absl::Status missing = OfElement(NotFound("type", "7"), "requests[3]");
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(missing.message(), "requests[3]: no type has the key 7");
  ASSERT_TRUE(FindDetail(missing, info));
  EXPECT_EQ(info.reason(), "ELEMENT_FAILED");
  EXPECT_EQ(info.metadata().at("element"), "requests[3]");
  google::rpc::ResourceInfo resource;
  ASSERT_TRUE(FindDetail(missing, resource));
  EXPECT_EQ(resource.resource_name(), "7");

  ASSERT_TRUE(FindDetail(OfElement(EtagMismatch("type", "7"), "ids[0]"), info));
  EXPECT_EQ(info.reason(), "ETAG_MISMATCH");
  EXPECT_EQ(info.metadata().at("element"), "ids[0]");

  google::rpc::BadRequest rules;
  ASSERT_TRUE(FindDetail(OfElement(InvalidArgument("row.size", "no"), "requests[1]"), rules));
  EXPECT_EQ(rules.field_violations(0).field(), "requests[1].row.size");
  ASSERT_TRUE(FindDetail(OfElement(InvalidArgument("", "no"), "requests[1]"), rules));
  EXPECT_EQ(rules.field_violations(0).field(), "requests[1]");
  google::rpc::PreconditionFailure failure;
  ASSERT_TRUE(FindDetail(OfElement(UniqueBroken("type", {"row.name"}), "requests[1]"), failure));
  EXPECT_EQ(failure.violations(0).subject(), "requests[1].row.name");
  ASSERT_TRUE(FindDetail(OfElement(UniqueBroken("type", {}), "requests[1]"), failure));
  EXPECT_EQ(failure.violations(0).subject(), "requests[1]");
  std::vector<Violation> many(100);
  for (Violation& violation : many) violation.field = violation.description = "x";
  ExpectFits(OfElement(InvalidArgument(many), "requests[999]"));
}

TEST(Errors, ShowTheRuleOfADatabaseInItsAuthorsWords) {
  const auto rule = DatabaseRule("type", {"row.name"}, "is late", "come earlier", "BK001");
  EXPECT_EQ(rule.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(rule.message(), "is late");
  google::rpc::PreconditionFailure failure;
  ASSERT_TRUE(FindDetail(rule, failure));
  EXPECT_EQ(failure.violations(0).type(), "DATABASE_RULE");
  EXPECT_EQ(failure.violations(0).subject(), "row.name");
  EXPECT_EQ(failure.violations(0).description(), "come earlier");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(FindDetail(rule, info));
  EXPECT_EQ(info.metadata().at("sqlstate"), "BK001");
  EXPECT_EQ(info.metadata().at("hint"), "come earlier");

  ASSERT_TRUE(FindDetail(DatabaseRule("type", {}, "is late", "", "P0001"), failure));
  EXPECT_EQ(failure.violations(0).description(), "is late");
  EXPECT_FALSE(DatabaseRule("type", {}, "", "", "P0001").message().empty());
  const std::string text(10000, 'x');
  ExpectFits(OfElement(DatabaseRule("type", {"row.name"}, text, text, "P0001"), "requests[999]"));
}

// Rows are created in any order: the first one may be open while a later one is stored.
TEST(Errors, OfAnImportSayWhenToRetryOnlyIfNothingWasStored) {
  google::rpc::RetryInfo retry;
  EXPECT_TRUE(FindDetail(ImportEnded(DatabaseUnavailable(), 0, 0, 0, false), retry));
  EXPECT_FALSE(FindDetail(ImportEnded(DatabaseUnavailable(), 1, 0, 0, false), retry));
  EXPECT_FALSE(FindDetail(ImportEnded(DatabaseUnavailable(), 1, 0, 1, false), retry));
  EXPECT_FALSE(FindDetail(ImportEnded(DatabaseUnavailable(), 0, 0, 0, true), retry));
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
