// The types of a version of a contract, and how those of fields compare.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace dataservice::breaking {

// By full name. Entries of maps are no messages here.
struct ContractTypes {
  std::set<std::string> packages;
  std::map<std::string, const google::protobuf::Descriptor*> messages;
  std::map<std::string, const google::protobuf::EnumDescriptor*> enums;
  std::map<std::string, const google::protobuf::ServiceDescriptor*> services;
};

// Whether a file is the contract's own: not of google/, buf/ or storage/.
bool IsOwnFile(const google::protobuf::FileDescriptor& file);

// What the files define, and the contract's own among those that they import.
ContractTypes TypesOf(const std::vector<const google::protobuf::FileDescriptor*>& files);

// Messages that are stored: resources, and what is stored within them, but for those
// that Google defines.
std::set<const google::protobuf::Descriptor*> StoredMessages(const ContractTypes& types);

// Messages that no request holds, but answers do: clients only read them.
std::set<const google::protobuf::Descriptor*> AnswerMessages(const ContractTypes& types);

// "int32", "shop.v1.Item", "map<string, int64>", without `repeated`.
std::string TypeText(const google::protobuf::FieldDescriptor& field);

// "singular", "repeated", "map" or "required" (of proto2).
std::string LabelText(const google::protobuf::FieldDescriptor& field);

// What a change of type does to the values that exist.
enum class TypeDifference {
  kNone,      // the same values
  kWider,     // each is a value of the new type
  kNarrower,  // some are none
  kOther,     // they mean nothing there
};

// Of scalars and enums, whatever their labels; kOther for messages. Which values an enum
// has is not compared; `enums_are_names`: they are stored as text and not as numbers.
TypeDifference CompareScalars(const google::protobuf::FieldDescriptor& before,
                              const google::protobuf::FieldDescriptor& after, bool enums_are_names);

}  // namespace dataservice::breaking
