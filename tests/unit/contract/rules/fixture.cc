#include "contract/rules/fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "compile_proto.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/wrappers.pb.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using google::protobuf::Message;

class BuildErrors : public google::protobuf::DescriptorPool::ErrorCollector {
  void AddError(const std::string&, const std::string& element, const Message*, ErrorLocation,
                const std::string& message) override {
    ADD_FAILURE() << element << ": " << message;
  }
};

// The generated pool knows a file once a class of it is linked.
void LinkWellKnownTypes() {
  google::protobuf::Any::descriptor();
  google::protobuf::Duration::descriptor();
  google::protobuf::FieldMask::descriptor();
  google::protobuf::Struct::descriptor();
  google::protobuf::Timestamp::descriptor();
  google::protobuf::StringValue::descriptor();
}

}  // namespace

RuleCase::RuleCase(std::string body, const ValidatorOptions& options, std::string_view syntax)
    : validator_(absl::UnknownError("not built")) {
  LinkWellKnownTypes();
  body = absl::StrReplaceAll(body, {{"(rule)", "(buf.validate.field)"}});
  const std::string source = absl::StrCat(
      "syntax = '", std::string(syntax), "'; package dataservice.test.rules.inlined;",
      "import 'buf/validate/validate.proto'; import 'google/api/field_behavior.proto';",
      "import 'google/protobuf/any.proto'; import 'google/protobuf/duration.proto';",
      "import 'google/protobuf/field_mask.proto'; import 'google/protobuf/struct.proto';",
      "import 'google/protobuf/timestamp.proto'; import 'google/protobuf/wrappers.proto';\n",
      "message M {\n", body, "\n}\n");
  BuildErrors build_errors;
  const auto* built =
      pool_.BuildFileCollectingErrors(CompileProto("case.proto", source), &build_errors);
  if (built == nullptr) return;
  type_ = built->FindMessageTypeByName("M");
  validator_ = Validator::Compile(type_, options);
}

std::string RuleCase::Refusal() const {
  return validator_.ok() ? "" : absl::StrCat(validator_.status().message());
}

std::unique_ptr<Message> RuleCase::Parse(const std::string& text_format) const {
  std::unique_ptr<Message> message(factory_.GetPrototype(type_)->New());
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text_format, message.get()))
      << text_format;
  return message;
}

std::vector<Violation> RuleCase::Violations(const Message& message, std::string_view prefix) const {
  std::vector<Violation> violations;
  EXPECT_EQ(Refusal(), "");
  if (validator_.ok()) (*validator_)->Validate(message, prefix, &violations);
  return violations;
}

std::vector<Violation> RuleCase::Violations(const std::string& text_format) const {
  return Violations(*Parse(text_format));
}

std::vector<std::string> RuleCase::Broken(const Message& message) const {
  return Lines(Violations(message));
}

std::vector<std::string> RuleCase::Broken(const std::string& text_format) const {
  return Broken(*Parse(text_format));
}

std::vector<std::string> RuleCase::BrokenField(const std::string& field,
                                               const std::string& text_format) const {
  std::vector<Violation> violations;
  (*validator_)->ValidateField(*Parse(text_format), type_->FindFieldByName(field), "", &violations);
  return Lines(violations);
}

std::vector<std::string> Lines(const std::vector<Violation>& violations) {
  std::vector<std::string> lines;
  lines.reserve(violations.size());
  for (const Violation& violation : violations) {
    lines.push_back(violation.field + " " + violation.rule_id);
  }
  return lines;
}

}  // namespace dataservice::test
