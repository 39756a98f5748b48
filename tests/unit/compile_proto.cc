#include "compile_proto.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dataservice::test {

// protoc compiles it: the parser's header is in no package that the build needs.
google::protobuf::FileDescriptorProto CompileProto(const std::string& name,
                                                   const std::string& source) {
  const std::filesystem::path root = absl::StrCat(testing::TempDir(), "/compile_", getpid());
  std::filesystem::create_directories((root / name).parent_path());
  std::ofstream(root / name) << source;
  const std::string output = root / "compiled.binpb";
  const std::string paths = absl::StrReplaceAll(std::string(":") + TEST_PROTO_PATH, {{":", " -I"}});
  const std::string command = absl::StrCat(TEST_PROTOC, " -I", root.string(), paths, " -o ", output,
                                           " ", name, " 2> ", output, ".errors");
  // Its warnings (imports that a case has no use for) are of no interest.
  if (std::system(command.c_str()) != 0) {
    std::ifstream errors(output + ".errors");
    ADD_FAILURE() << source << std::string{std::istreambuf_iterator<char>(errors), {}};
  }
  google::protobuf::FileDescriptorSet files;
  std::ifstream compiled(output, std::ios::binary);
  EXPECT_TRUE(files.ParseFromIstream(&compiled));
  std::filesystem::remove_all(root);
  return files.file_size() == 1 ? files.file(0) : google::protobuf::FileDescriptorProto();
}

}  // namespace dataservice::test
