// Which messages are one value.
#include "contract/one_value.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "golden.h"
#include "google/rpc/status.pb.h"
#include "types/v1/types.pb.h"
#include "values/v1/values.pb.h"

namespace dataservice::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;

void AddMessage(const Descriptor& message, std::set<std::string>& lines) {
  if (message.options().map_entry()) return;
  lines.insert(absl::StrCat(message.file()->package(), " ", message.full_name(), " ",
                            IsOneValue(message) ? "value" : "record"));
  for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i), lines);
}

void AddFile(const FileDescriptor& file, std::set<std::string>& lines) {
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), lines);
}

TEST(OneValue, OfAllMessagesThatContractsImport) {
  std::set<std::string> lines;
  const FileDescriptor& values = *values::v1::Thing::descriptor()->file();
  AddFile(values, lines);
  AddFile(*google::rpc::Status::descriptor()->file(), lines);
  for (int i = 0; i < values.dependency_count(); ++i) {
    const FileDescriptor& file = *values.dependency(i);
    if (file.package() != "google.api") AddFile(file, lines);
  }
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  ExpectGolden("one_values.txt", text);
}

TEST(OneValue, IsSaidByThePackageAndNotByThePrefix) {
  EXPECT_TRUE(IsOneValue(*google::type::PhoneNumber::ShortCode::descriptor()));
  EXPECT_TRUE(IsOneValue(*google::protobuf::Struct::descriptor()));
  EXPECT_FALSE(IsOneValue(*google::rpc::Status::descriptor()));
  EXPECT_FALSE(IsOneValue(*types::v1::Part::descriptor()));
}

}  // namespace
}  // namespace dataservice::test
