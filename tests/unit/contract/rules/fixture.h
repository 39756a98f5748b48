// Messages whose rules stand beside the expectations of a test.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/rules/validator.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"

namespace dataservice::test {

// The message `M` of a proto file of its own, whose body is given:
//
//   RuleCase c("string a = 1 [(rule).string.min_len = 3];");
//   EXPECT_THAT(c.Broken("a: 'x'"), ElementsAre("a string.min_len"));
//
// "(rule)" is short for "(buf.validate.field)". Other types may be defined inside.
class RuleCase {
 public:
  explicit RuleCase(std::string body, const ValidatorOptions& options = {},
                    std::string_view syntax = "proto3");

  // What Compile says; empty if it succeeds.
  std::string Refusal() const;

  std::unique_ptr<google::protobuf::Message> Parse(const std::string& text_format) const;

  std::vector<Violation> Violations(const google::protobuf::Message& message,
                                    std::string_view prefix = "") const;
  std::vector<Violation> Violations(const std::string& text_format) const;

  // "path rule_id" of each violation.
  std::vector<std::string> Broken(const google::protobuf::Message& message) const;
  std::vector<std::string> Broken(const std::string& text_format) const;
  // The same of one field alone.
  std::vector<std::string> BrokenField(const std::string& field,
                                       const std::string& text_format) const;

  const google::protobuf::Descriptor* type() const { return type_; }

 private:
  google::protobuf::DescriptorPool pool_{google::protobuf::DescriptorPool::generated_pool()};
  mutable google::protobuf::DynamicMessageFactory factory_{&pool_};
  const google::protobuf::Descriptor* type_ = nullptr;
  absl::StatusOr<std::unique_ptr<Validator>> validator_;
};

std::vector<std::string> Lines(const std::vector<Violation>& violations);

}  // namespace dataservice::test
