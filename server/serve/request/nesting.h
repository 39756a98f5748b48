// Finds out whether a parser refused a message because it is nested too deeply.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <optional>
#include <string>

namespace dataservice {

// The path of the first field of a message of `type` in which messages are nested more deeply
// than protobuf's parsers read. Fields of google.protobuf are not part of the path. Absent if
// there is no such field before the bytes end or are not a message.
std::optional<std::string> FindTooDeep(const google::protobuf::Descriptor& type,
                                       google::protobuf::io::ZeroCopyInputStream& bytes);

}  // namespace dataservice
