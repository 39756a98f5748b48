// Which fields of a message are written.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <memory>
#include <string_view>

#include "contract/read_mask.h"
#include "contract/resource.h"

namespace dataservice {

// The fields that a read with a mask answers (AIP-157). The others are unset in the
// answer, and their zeros would be false: they are left out. A null selection is that
// without a mask: all fields but the computed ones that are unset. Immutable once built;
// thread-safe.
class FieldSelection {
 public:
  // The fields that `mask` names of `resource`.
  static std::unique_ptr<FieldSelection> OfMask(const Resource& resource, const ReadMask& mask);

  // All fields of a message, of which `rows` has the selection `of_rows`.
  static std::unique_ptr<FieldSelection> OfRows(const google::protobuf::FieldDescriptor& rows,
                                                std::unique_ptr<FieldSelection> of_rows);

  // Whether the field is written. `inner` becomes the selection inside its message; null
  // where all of it is written.
  bool Contains(const google::protobuf::FieldDescriptor& field, const FieldSelection*& inner) const;

 private:
  // Adds a field, or the field of that path inside a message.
  void Add(const google::protobuf::FieldDescriptor& field);
  void Add(const google::protobuf::Descriptor& message, std::string_view path);

  bool only_ = true;  // the fields below, and no others
  // With the selection inside each; null where it is written completely.
  std::map<const google::protobuf::FieldDescriptor*, std::unique_ptr<FieldSelection>> fields_;
};

}  // namespace dataservice
