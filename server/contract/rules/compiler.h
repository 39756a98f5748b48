// Contract -> programs: one for each message type and scope, each compiled once.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "contract/rules/options.h"
#include "contract/rules/program.h"
#include "contract/rules/refusals.h"
#include "contract/rules/rule_reader.h"
#include "contract/rules/validator.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

// Owns the programs, which refer to one another, in a cycle for a type that contains itself.
class ProgramSet {
 public:
  using Key = std::pair<const google::protobuf::Descriptor*, Scope>;
  std::map<Key, std::unique_ptr<MessageProgram>> programs;
  const MessageProgram* root = nullptr;
};

class Compiler {
 public:
  explicit Compiler(const ValidatorOptions& options);

  // Returns null if an option was rejected; refusals() has the reasons.
  std::unique_ptr<ProgramSet> Compile(const google::protobuf::Descriptor* root);
  const Refusals& refusals() const { return refusals_; }

 private:
  // Returns the program of a type, which it compiles at the first call.
  const MessageProgram* Program(const google::protobuf::Descriptor* type, Scope scope);
  void CompileMessage(const google::protobuf::Descriptor* type, Scope scope,
                      MessageProgram* program);

  // message_compiler.cc
  void CompileMessageOneofs(const google::protobuf::Descriptor* type,
                            const buf::validate::MessageRules& rules, MessageProgram* program);
  void CompileOneofs(const google::protobuf::Descriptor* type, MessageProgram* program);
  void RefuseRivals(const MessageProgram& program);

  // field_compiler.cc
  FieldProgram CompileField(const google::protobuf::FieldDescriptor* field,
                            const buf::validate::MessageRules& message_rules, Scope scope);
  void CompileRepeated(const buf::validate::FieldRules& rules, const Place& place, Scope scope,
                       FieldProgram* program);
  void CompileMap(const buf::validate::FieldRules& rules, const Place& place, Scope scope,
                  FieldProgram* program);
  // `field` is the singular field, the list whose element the value is, or the key or value of a
  // map's entry.
  ValueProgram CompileValue(const google::protobuf::FieldDescriptor* field,
                            const buf::validate::FieldRules& rules, const Place& place,
                            Scope scope);
  void CompileTypeRules(const google::protobuf::FieldDescriptor* field,
                        const google::protobuf::Message& rules, const std::string& type,
                        const Place& place, ValueProgram* program);
  // Rejects the rules of FieldRules that are not enforced.
  void RefuseUnenforced(const buf::validate::FieldRules& rules, const Place& place);
  // Returns the rules for the type of the field, null if there are none. Rejects the rules for
  // another type.
  const google::protobuf::Message* TypeRules(const buf::validate::FieldRules& rules,
                                             const std::string& type, const Place& place);

  // Drops programs without rules, and what refers to them.
  void Prune();

  const ValidatorOptions& options_;
  std::function<absl::int128()> now_;
  std::unique_ptr<ProgramSet> set_;
  Refusals refusals_;
};

// "file.proto: package.Message.field"
template <typename Descriptor>
std::string Subject(const Descriptor& descriptor) {
  return descriptor.file()->name() + ": " + descriptor.full_name();
}

}  // namespace dataservice::rules
