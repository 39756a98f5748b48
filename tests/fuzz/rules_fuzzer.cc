// Rules of a contract, and messages that are checked by them: a field of any type with any rules
// is refused, or has a validator that reads every message.
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include "buf/validate/validate.pb.h"
#include "contract/rules/validator.h"
#include "fuzz/fuzz_contract.h"

namespace {

using dataservice::fuzz::Input;
using google::protobuf::FieldDescriptorProto;

// A file with one message, which has one field.
google::protobuf::FileDescriptorProto FileOf(int type, bool repeated,
                                             const buf::validate::FieldRules& rules) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("fuzz.proto");
  file.set_syntax("proto3");
  file.add_dependency("buf/validate/validate.proto");
  auto& message = *file.add_message_type();
  message.set_name("Fuzzed");
  auto& field = *message.add_field();
  field.set_name("value");
  field.set_number(1);
  field.set_label(repeated ? FieldDescriptorProto::LABEL_REPEATED
                           : FieldDescriptorProto::LABEL_OPTIONAL);
  field.set_type(static_cast<FieldDescriptorProto::Type>(type));
  if (type == FieldDescriptorProto::TYPE_MESSAGE) field.set_type_name(".Fuzzed");
  *field.mutable_options()->MutableExtension(buf::validate::field) = rules;
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dataservice::fuzz::TypesContract();  // silences Protobuf's log
  Input input(data, size);
  const int type = static_cast<int>(input.Choose(FieldDescriptorProto::Type_MAX)) + 1;
  if (type == FieldDescriptorProto::TYPE_GROUP || type == FieldDescriptorProto::TYPE_ENUM) return 0;
  const bool repeated = input.Choose(2) == 1;
  const size_t length = input.Choose(256);
  const std::string_view bytes = input.Rest();
  buf::validate::FieldRules rules;
  if (!rules.ParseFromString(std::string(bytes.substr(0, length)))) return 0;

  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* file = pool.BuildFile(FileOf(type, repeated, rules));
  if (file == nullptr) return 0;
  const auto* descriptor = file->message_type(0);
  const auto validator = dataservice::Validator::Compile(descriptor, {});
  if (!validator.ok()) {
    FUZZ_REQUIRE(!validator.status().message().empty());
    return 0;
  }
  google::protobuf::DynamicMessageFactory factory(&pool);
  const std::unique_ptr<google::protobuf::Message> message(factory.GetPrototype(descriptor)->New());
  const std::string_view content = bytes.substr(std::min(length, bytes.size()));
  if (!message->ParseFromArray(content.data(), static_cast<int>(content.size()))) return 0;
  std::vector<dataservice::Violation> violations;
  (*validator)->Validate(*message, "", &violations);
  FUZZ_REQUIRE(violations.size() <= dataservice::Validator::kMaxViolations);
  return 0;
}
