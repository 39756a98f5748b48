// The types of a version of a contract, and the comparison of field types.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace dataservice::breaking {

// By full name. Entry messages of maps are left out.
struct ContractTypes {
  std::set<std::string> packages;
  std::map<std::string, const google::protobuf::Descriptor*> messages;
  std::map<std::string, const google::protobuf::EnumDescriptor*> enums;
  std::map<std::string, const google::protobuf::ServiceDescriptor*> services;
};

// Whether a file is the contract's own: not of google/, buf/ or storage/.
bool IsOwnFile(const google::protobuf::FileDescriptor& file);

// The types that the files define, and those of the contract's own files that they import.
ContractTypes TypesOf(const std::vector<const google::protobuf::FileDescriptor*>& files);

// The messages that are stored: resources and the messages inside them, without those that Google
// defines.
std::set<const google::protobuf::Descriptor*> StoredMessages(const ContractTypes& types);

// Messages that only responses contain, so that clients only read them.
std::set<const google::protobuf::Descriptor*> AnswerMessages(const ContractTypes& types);

// "int32", "shop.v1.Item", "map<string, int64>", without `repeated`.
std::string TypeText(const google::protobuf::FieldDescriptor& field);

// "singular", "repeated", "map" or "required" (of proto2).
std::string LabelText(const google::protobuf::FieldDescriptor& field);

// The effect of a change of type on existing values.
enum class TypeDifference {
  kNone,      // the same values
  kWider,     // the new type can represent all
  kNarrower,  // the new type cannot represent some
  kOther,     // they have no meaning in the new type
};

// Compares scalars and enums without their labels; kOther for messages. The values of enums are not
// compared. `enums_are_names`: enums are stored as text, not as numbers.
TypeDifference CompareScalars(const google::protobuf::FieldDescriptor& before,
                              const google::protobuf::FieldDescriptor& after, bool enums_are_names);

}  // namespace dataservice::breaking
