#include "compile_set.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dataservice::test {
namespace {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string CompileSet(const std::map<std::string, std::string>& files, bool imports) {
  const std::filesystem::path root = absl::StrCat(testing::TempDir(), "/compile_set_", getpid());
  std::string names;
  for (const auto& [name, text] : files) {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
    absl::StrAppend(&names, " ", name);
  }
  const std::string paths = absl::StrReplaceAll(std::string(":") + TEST_PROTO_PATH, {{":", " -I"}});
  const std::string output = root / "set.binpb";
  // Its warnings of imports that nobody uses would fill the log.
  const std::string log = root / "log";
  const std::string command =
      absl::StrCat(TEST_PROTOC, " -I", root.string(), paths, imports ? " --include_imports" : "",
                   " -o ", output, names, " 2> ", log);
  EXPECT_EQ(std::system(command.c_str()), 0) << Contents(log);
  std::string bytes = Contents(output);
  std::filesystem::remove_all(root);
  return bytes;
}

std::string ProtoText(const std::string& body) {
  return absl::StrCat("syntax = \"proto3\";\n",
                      absl::StartsWith(body, "package ") ? "" : "package test.v1;\n", R"(
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "storage/v1/storage.proto";
)",
                      body);
}

}  // namespace dataservice::test
