#include "contract_fixture.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dataservice::test {
namespace {

// protoc compiles it: the parser's header is in no package that the build needs.
google::protobuf::FileDescriptorProto CompileProto(const std::string& source) {
  const std::filesystem::path root = absl::StrCat(testing::TempDir(), "/contract_", getpid());
  std::filesystem::create_directories(root / "test/v1");
  std::ofstream(root / "test/v1/test.proto") << source;
  const std::string output = root / "test.binpb";
  const std::string paths = absl::StrReplaceAll(std::string(":") + TEST_PROTO_PATH, {{":", " -I"}});
  const std::string command =
      absl::StrCat(TEST_PROTOC, " -I", root.string(), paths, " -o ", output, " test/v1/test.proto");
  EXPECT_EQ(std::system(command.c_str()), 0) << source;
  google::protobuf::FileDescriptorSet files;
  std::ifstream compiled(output, std::ios::binary);
  EXPECT_TRUE(files.ParseFromIstream(&compiled));
  std::filesystem::remove_all(root);
  return files.file_size() == 1 ? files.file(0) : google::protobuf::FileDescriptorProto();
}

const Contract& Linked(const char* file) {
  auto contract = Contract::BuildFromGeneratedPool(file);
  EXPECT_TRUE(contract.ok()) << contract.status();
  return *contract->release();  // lives as long as the tests
}

}  // namespace

InlineContract::InlineContract(const std::string& body, const std::string& syntax)
    : contract_(absl::UnknownError("not built")) {
  const auto* file = pool_.BuildFile(CompileProto(absl::StrCat("syntax = \"", syntax, R"(";
package test.v1;
import "buf/validate/validate.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "storage/v1/storage.proto";
)",
                                                               body)));
  if (file == nullptr) {
    ADD_FAILURE() << "no descriptor for: " << body;
    return;
  }
  contract_ = Contract::Build({file});
}

std::string InlineContract::Refusal() const {
  return contract_.ok() ? std::string() : std::string(contract_.status().message());
}

const Contract& ShippedContract() {
  static const Contract& contract = Linked("bookstore/v1/bookstore.proto");
  return contract;
}

const Contract& TypesContract() {
  static const Contract& contract = Linked("types/v1/types.proto");
  return contract;
}

}  // namespace dataservice::test
