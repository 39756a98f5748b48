#include "serve/audit/audit_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_split.h"
#include "serve/errors/errors.h"
#include "temp_folder.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

AuditRecord RecordOf(std::string_view key) {
  AuditRecord record;
  record.caller = AnonymousCaller();
  record.path = "/bookstore.v1.BookService/CreateBook";
  record.keys = {key};
  return record;
}

google::protobuf::Struct Parsed(const std::string& line) {
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &json).ok()) << line;
  return json;
}

TEST(AuditLine, HasWhoWhatAndOutcome) {
  AuditRecord record = RecordOf("k\"1");
  record.keys.push_back("k2");
  record.caller = std::make_shared<Caller>(
      Caller{.kind = CallerKind::kToken, .subject = "alice", .issuer = "https://login"});
  record.resource = "bookstore.v1.Book";
  record.status = EtagMismatch("bookstore.v1.Book", "k1");
  record.request_id = "r1";
  record.claim = "c1";
  record.counts = AuditRecord::Counts{3, 4};
  const auto json = Parsed(AuditLine(record));
  const auto text = [&](const char* name) { return json.fields().at(name).string_value(); };
  EXPECT_EQ(text("event"), "write");
  EXPECT_EQ(text("method"), "bookstore.v1.BookService/CreateBook");
  EXPECT_EQ(text("kind"), "token");
  EXPECT_EQ(text("subject"), "alice");
  EXPECT_EQ(text("issuer"), "https://login");
  EXPECT_EQ(text("resource"), "bookstore.v1.Book");
  EXPECT_EQ(text("code"), "ABORTED");
  EXPECT_EQ(text("reason"), "ETAG_MISMATCH");
  EXPECT_EQ(text("request_id"), "r1");
  EXPECT_EQ(text("claim"), "c1");
  EXPECT_EQ(json.fields().at("keys").list_value().values(0).string_value(), "k\"1");
  EXPECT_EQ(json.fields().at("keys").list_value().values_size(), 2);
  EXPECT_EQ(json.fields().at("imported").number_value(), 3);
  EXPECT_EQ(json.fields().at("failed").number_value(), 4);
}

TEST(AuditLine, RecordsWritesAndRefusals) {
  EXPECT_EQ(AuditKindOf(true, absl::OkStatus()), AuditKind::kWrite);
  EXPECT_EQ(AuditKindOf(true, absl::NotFoundError("")), AuditKind::kWrite);
  EXPECT_EQ(AuditKindOf(false, absl::NotFoundError("")), std::nullopt);
  EXPECT_EQ(AuditKindOf(false, absl::OkStatus()), std::nullopt);
  EXPECT_EQ(AuditKindOf(false, absl::UnauthenticatedError("")), AuditKind::kDenied);
  EXPECT_EQ(AuditKindOf(true, absl::PermissionDeniedError("")), AuditKind::kDenied);
}

class AuditFileTest : public testing::Test {
 protected:
  std::string Path(const std::string& name = "audit") const { return folder_ / name; }
  std::vector<std::string> Lines(const std::string& name = "audit") const {
    std::ifstream file(Path(name));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  bool HasLines(size_t count, const std::string& name = "audit") const {
    for (int i = 0; i < 1000 && Lines(name).size() < count; ++i) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return Lines(name).size() == count;
  }

  const TempFolder folder_;
};

TEST_F(AuditFileTest, AppendsALineForEachRecord) {
  {
    const auto log = AuditFile::Open(Path());
    ASSERT_TRUE(log.ok()) << log.status();
    for (int i = 0; i < 1000; ++i) (*log)->Add(RecordOf(std::to_string(i)));
  }
  const auto log = AuditFile::Open(Path());
  (*log)->Add(RecordOf("last"));
  ASSERT_TRUE(HasLines(1001));
  const auto lines = Lines();
  EXPECT_THAT(lines[999], HasSubstr("[\"999\"]"));
  EXPECT_THAT(lines[1000], HasSubstr("[\"last\"]"));
  for (const auto& line : lines) Parsed(line);
}

TEST_F(AuditFileTest, FollowsAFileThatIsRenamed) {
  const auto log = AuditFile::Open(Path());
  ASSERT_TRUE(log.ok());
  (*log)->Add(RecordOf("1"));
  ASSERT_TRUE(HasLines(1));
  std::filesystem::rename(Path(), Path("audit.1"));
  (*log)->Add(RecordOf("2"));
  ASSERT_TRUE(HasLines(1));
  EXPECT_THAT(Lines()[0], HasSubstr("[\"2\"]"));
  EXPECT_EQ(Lines("audit.1").size(), 1U);
}

TEST_F(AuditFileTest, APipeThatNobodyReadsLosesRecordsAndStopsNobody) {
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  EXPECT_EQ(AuditFile::Open(Path()).status().code(), absl::StatusCode::kFailedPrecondition);
  const int reader = open(Path().c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  auto log = AuditFile::Open(Path(), /*max_waiting=*/20000);
  ASSERT_TRUE(log.ok()) << log.status();
  testing::internal::CaptureStderr();
  constexpr int kRecords = 20000;  // more than a pipe and the queue hold
  for (int i = 0; i < kRecords; ++i) (*log)->Add(RecordOf(std::to_string(i)));
  std::string text;
  for (int idle = 0; idle < 100;) {
    char bytes[65536];
    const ssize_t got = read(reader, bytes, sizeof bytes);
    if (got > 0) {
      text.append(bytes, static_cast<size_t>(got));
      idle = 0;
    } else {
      ++idle;
      absl::SleepFor(absl::Milliseconds(5));
    }
  }
  int lost = 0;
  int found = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const auto json = Parsed(std::string(line));
    const auto count = json.fields().find("count");
    if (count != json.fields().end()) {
      lost += static_cast<int>(count->second.number_value());
    } else {
      ++found;
    }
  }
  EXPECT_GT(lost, 0);
  EXPECT_EQ(found + lost, kRecords);
  log->reset();
  close(reader);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("audit_records_lost"));
}

TEST_F(AuditFileTest, AFullDiskStopsNobody) {
  auto log = AuditFile::Open("/dev/full");
  ASSERT_TRUE(log.ok()) << log.status();
  testing::internal::CaptureStderr();
  (*log)->Add(RecordOf("1"));
  const auto begin = absl::Now();
  log->reset();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("audit_log_not_written"));
}

TEST_F(AuditFileTest, NeedsAFileThatCanBeOpened) {
  const auto log = AuditFile::Open(Path("no/such/folder"));
  EXPECT_EQ(log.status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace dataservice::test
