// The rules of parts of a row that an update names.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "contract/contract.h"
#include "serve/request/json_change.h"
#include "serve/request/part_path.h"
#include "serve/request/violations.h"

namespace dataservice {

// For one row of a request. Not thread-safe; all arguments outlive it.
class PartRules {
 public:
  // Paths of violations begin with `prefix`.
  PartRules(const Contract& contract, std::string_view prefix, Violations& violations)
      : contract_(contract), prefix_(prefix), violations_(violations) {}

  // Checks the new value of the part: the one that `row` has there, or its absence. Only the
  // database knows how many entries a map has afterwards, and whether a message around the
  // part exists: one that must not be created from `row` goes to `change`.
  void Check(const google::protobuf::Message& row, const PartPath& path, JsonChange& change);

 private:
  using Message = google::protobuf::Message;
  using FieldDescriptor = google::protobuf::FieldDescriptor;
  // By key as ProtoJSON writes it.
  using Entries = std::unordered_map<std::string, const Message*>;

  const Entries& EntriesOf(const Message& message, const FieldDescriptor& map);
  bool IsWhole(const Message& message);
  void CheckField(const Message& message, const FieldDescriptor& field, std::string_view path);
  void CheckEntry(const Message& message, const FieldDescriptor& map, const Message& entry,
                  std::string_view path);

  const Contract& contract_;
  const std::string_view prefix_;
  Violations& violations_;
  std::map<std::pair<const Message*, const FieldDescriptor*>, Entries> entries_;
  std::map<const Message*, bool> whole_;
};

}  // namespace dataservice
