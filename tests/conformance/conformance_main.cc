// Executor of protovalidate's conformance suite: reads one TestConformanceRequest from
// stdin, checks every case with server/contract/rules, writes a TestConformanceResponse to stdout.
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "buf/validate/conformance/harness/harness.pb.h"
#include "contract/rules/validator.h"
#include "format_cases.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "path.h"

namespace dataservice::conformance {
namespace {

using buf::validate::conformance::harness::TestConformanceRequest;
using buf::validate::conformance::harness::TestConformanceResponse;
using buf::validate::conformance::harness::TestResult;
using google::protobuf::Descriptor;

// protobuf 3.21 does not know editions; a file that uses one, or imports one that does,
// is left out, and its cases fail as unexpected errors.
class IgnoreErrors : public google::protobuf::DescriptorPool::ErrorCollector {
  void AddError(const std::string&, const std::string&, const google::protobuf::Message*,
                ErrorLocation, const std::string&) override {}
};

class Executor {
 public:
  explicit Executor(const google::protobuf::FileDescriptorSet& files) {
    IgnoreErrors errors;
    for (const auto& file : files.file()) pool_.BuildFileCollectingErrors(file, &errors);
  }

  TestResult Run(const google::protobuf::Any& input) {
    TestResult result;
    const std::string name = input.type_url().substr(input.type_url().rfind('/') + 1);
    const Descriptor* type = pool_.FindMessageTypeByName(name);
    if (type == nullptr) {
      result.set_unexpected_error("the type " + name + " cannot be built");
      return result;
    }
    std::unique_ptr<google::protobuf::Message> message(factory_.GetPrototype(type)->New());
    if (!message->ParseFromString(input.value())) {
      result.set_unexpected_error("the message cannot be parsed");
      return result;
    }
    if (auto format = CheckFormat(*message)) return *format;
    const auto& validator = Compiled(type);
    if (!validator.ok()) {
      result.set_compilation_error(absl::StrCat(validator.status().message()));
      return result;
    }
    Validate(**validator, *message, &result);
    return result;
  }

 private:
  const absl::StatusOr<std::unique_ptr<Validator>>& Compiled(const Descriptor* type) {
    auto entry = validators_.find(type);
    if (entry == validators_.end()) {
      ValidatorOptions options;  // only what protovalidate itself asks for
      options.field_behavior_required = false;
      options.refuse_nul = false;
      options.refuse_malformed = false;
      entry = validators_.emplace(type, Validator::Compile(type, options)).first;
    }
    return entry->second;
  }

  void Validate(const Validator& validator, const google::protobuf::Message& message,
                TestResult* result) {
    std::vector<Violation> violations;
    validator.Validate(message, "", &violations);
    if (violations.empty()) {
      result->set_success(true);
      return;
    }
    for (const Violation& violation : violations) {
      // Where protovalidate gives up with an error, the server has a violation.
      if (violation.rule_id == "bytes.pattern_utf8") {
        result->set_runtime_error(violation.description);
        return;
      }
      auto* out = result->mutable_validation_error()->add_violations();
      out->set_rule_id(violation.rule_id);
      out->set_message(violation.description);
      if (violation.for_key) out->set_for_key(true);
      if (!violation.field.empty()) {
        *out->mutable_field() = ParsePath(message.GetDescriptor(), violation.field);
      }
      if (!violation.rule_path.empty()) {
        *out->mutable_rule() =
            ParsePath(buf::validate::FieldRules::descriptor(), violation.rule_path);
      }
    }
  }

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  std::map<const Descriptor*, absl::StatusOr<std::unique_ptr<Validator>>> validators_;
};

}  // namespace
}  // namespace dataservice::conformance

int main() {
  using dataservice::conformance::Executor;
  dataservice::conformance::TestConformanceRequest request;
  if (!request.ParseFromIstream(&std::cin)) {
    std::cerr << "stdin is not a TestConformanceRequest\n";
    return 1;
  }
  Executor executor(request.fdset());
  dataservice::conformance::TestConformanceResponse response;
  for (const auto& [name, input] : request.cases()) {
    (*response.mutable_results())[name] = executor.Run(input);
  }
  return response.SerializeToOstream(&std::cout) ? 0 : 1;
}
