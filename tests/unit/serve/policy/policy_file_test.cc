#include "serve/policy/policy_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "contract/fixture.h"
#include "temp_folder.h"

namespace dataservice::test {
namespace {

constexpr char kOpen[] = "rules: [{name: a, who: [{anonymous: true}], call: [read]}]\n";
constexpr char kClosed[] = "rules: []\n";

class PolicyFileTest : public testing::Test {
 protected:
  std::string Path(const std::string& name = "policy.yaml") const { return folder_ / name; }
  void Write(const std::string& text, const std::string& name = "policy.yaml") const {
    std::ofstream(Path(name)) << text;
  }
  auto Open() const { return PolicyFile::Open(Path(), ShippedContract(), absl::Milliseconds(2)); }

  static bool Permits(const PolicyFile& file) {
    return file.Current()->Decide({}, "/bookstore.v1.BookService/GetBook").ok();
  }
  // Whether the file comes to that decision within some seconds.
  static bool Becomes(const PolicyFile& file, bool permits) {
    for (int i = 0; i < 2000 && Permits(file) != permits; ++i)
      absl::SleepFor(absl::Milliseconds(5));
    return Permits(file) == permits;
  }

  const TempFolder folder_;
};

TEST_F(PolicyFileTest, NeedsAPolicyAtTheStart) {
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kInvalidArgument);
  Write("rules: 3");
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(PolicyFileTest, TakesANewContent) {
  Write(kClosed);
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(Permits(**file));
  Write(kOpen);
  EXPECT_TRUE(Becomes(**file, true));
  Write(kClosed, "new");
  std::filesystem::rename(Path("new"), Path());
  EXPECT_TRUE(Becomes(**file, false));
}

TEST_F(PolicyFileTest, FollowsALinkThatIsReplacedAsKubernetesDoes) {
  std::filesystem::create_directory(Path("1"));
  std::filesystem::create_directory(Path("2"));
  Write(kClosed, "1/policy.yaml");
  Write(kOpen, "2/policy.yaml");
  std::filesystem::create_symlink("1", Path("data"));
  std::filesystem::create_symlink("data/policy.yaml", Path());
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(Permits(**file));
  std::filesystem::create_symlink("2", Path("data_new"));
  std::filesystem::rename(Path("data_new"), Path("data"));
  EXPECT_TRUE(Becomes(**file, true));
}

TEST_F(PolicyFileTest, KeepsTheLastPolicyWhileTheFileIsBrokenOrAway) {
  Write(kOpen);
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  testing::internal::CaptureStderr();
  Write("rules: [");
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(Permits(**file));
  std::filesystem::remove(Path());
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(Permits(**file));
  std::filesystem::create_directory(Path());
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_TRUE(Permits(**file));
  std::filesystem::remove(Path());
  Write(kClosed);
  EXPECT_TRUE(Becomes(**file, false));
  const std::string log = testing::internal::GetCapturedStderr();
  const auto count = [&](const std::string& text) {
    size_t found = 0;
    for (size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("Is a directory"), 1U) << log;
  EXPECT_GE(count("No such file"), 1U) << log;
  EXPECT_LE(count("No such file"), 2U) << log;  // before and after the folder
  EXPECT_GE(count("file_refused"), 3U) << log;
  EXPECT_LE(count("file_refused"), 5U) << log;  // the file was empty for a moment
}

}  // namespace
}  // namespace dataservice::test
