// Requests of gRPC's own services, which are short.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/message_lite.h>

namespace dataservice {

// Longer ones are refused: Protobuf keeps all fields of a message, those that it does not know too,
// in many times the memory that they have on the wire.
inline constexpr int kMaxSmallRequestBytes = 16 * 1024;

// Parses a request; false if the bytes are none, or are too many.
inline bool ParseSmallRequest(google::protobuf::io::ZeroCopyInputStream& bytes,
                              google::protobuf::MessageLite& request) {
  google::protobuf::io::LimitingInputStream limited(&bytes, kMaxSmallRequestBytes + 1);
  return request.ParseFromZeroCopyStream(&limited) && limited.ByteCount() <= kMaxSmallRequestBytes;
}

}  // namespace dataservice
