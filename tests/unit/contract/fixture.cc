#include "contract/fixture.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "compile_proto.h"
#include "compile_set.h"

namespace dataservice::test {
namespace {

const Contract& Linked(const char* file) {
  auto contract = Contract::BuildFromGeneratedPool(file);
  EXPECT_TRUE(contract.ok()) << contract.status();
  return *contract->release();  // lives as long as the tests
}

}  // namespace

InlineContract::InlineContract(const std::string& body, const std::string& syntax)
    : contract_(absl::UnknownError("not built")) {
  const auto* file =
      pool_.BuildFile(CompileProto("test/v1/test.proto", absl::StrCat("syntax = \"", syntax, R"(";
package test.v1;
import "buf/validate/validate.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/rpc/status.proto";
import "google/type/date.proto";
import "google/type/money.proto";
import "storage/v1/storage.proto";
)",
                                                                      body)));
  if (file == nullptr) {
    ADD_FAILURE() << "no descriptor for: " << body;
    return;
  }
  contract_ = Contract::Build({file});
}

InlineContract::InlineContract(const std::map<std::string, std::string>& files)
    : contract_(absl::UnknownError("not built")) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, body] : files) texts[name] = ProtoText(body);
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromString(CompileSet(texts, /*imports=*/false))) ADD_FAILURE() << "no set";
  std::vector<const google::protobuf::FileDescriptor*> built;
  for (const auto& file : set.file()) {
    built.push_back(pool_.BuildFile(file));
    if (built.back() == nullptr) {
      ADD_FAILURE() << "no descriptor for: " << file.name();
      return;
    }
  }
  contract_ = Contract::Build(built);
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

const Contract& ValuesContract() {
  static const Contract& contract = Linked("values/v1/values.proto");
  return contract;
}

const Contract& OwnedContract() {
  static const Contract& contract = Linked("owned/v1/owned.proto");
  return contract;
}

}  // namespace dataservice::test
