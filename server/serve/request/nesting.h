// Why a parser refused a message: how deep messages are within one another.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <optional>
#include <string>

namespace dataservice {

// The path of the first field of a message of `type` below which messages are
// deeper within one another than protobuf's parsers go. Fields of google.protobuf
// are not part of the path. Absent where there is none before the bytes end or
// stop being a message.
std::optional<std::string> FindTooDeep(const google::protobuf::Descriptor& type,
                                       google::protobuf::io::ZeroCopyInputStream& bytes);

}  // namespace dataservice
