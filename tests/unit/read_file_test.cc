#include "read_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temp_folder.h"

namespace dataservice::test {
namespace {

class ReadFileTest : public testing::Test {
 protected:
  std::string Write(const std::string& content) const {
    const std::string path = folder_ / "file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  const TempFolder folder_;
};

TEST_F(ReadFileTest, ReadsEachByte) {
  EXPECT_EQ(*ReadFile(Write("")), "");
  std::string content(100000, 'x');
  content[17] = '\0';
  content[18] = '\xFF';
  EXPECT_EQ(*ReadFile(Write(content)), content);
}

TEST_F(ReadFileTest, RefusesWhatCannotBeRead) {
  const std::string missing = folder_ / "missing";
  const absl::Status status = ReadFile(missing).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "cannot read " + missing + ": No such file or directory");
  EXPECT_EQ(ReadFile(folder_.path()).status().message(),
            "cannot read " + folder_.path().string() + ": Is a directory");
}

TEST_F(ReadFileTest, RefusesAFileThatIsTooLarge) {
  const std::string path = Write(std::string(5, 'x'));
  EXPECT_TRUE(ReadFile(path, 5).ok());
  const absl::Status status = ReadFile(path, 4).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), path + " has more than 4 bytes");
}

}  // namespace
}  // namespace dataservice::test
