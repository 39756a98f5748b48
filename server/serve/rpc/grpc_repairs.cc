#include "serve/rpc/grpc_repairs.h"

#include <grpc/slice_buffer.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"
#include "serve/rpc/original.h"

// gRPC 1.51's own declarations, as far as they matter (its source has them in
// chttp2/transport/frame_data.h, hpack_parser.cc and iomgr/executor.h).
struct grpc_chttp2_stream;

namespace grpc_core {

class SliceBuffer;  // has a grpc_slice_buffer alone
struct Pending {};

class HPackParser {
 public:
  class String {
   public:
    static absl::optional<std::vector<uint8_t>> Unbase64Loop(const uint8_t* cur,
                                                             const uint8_t* end);
  };
};

class Executor {
 public:
  static bool IsThreadedDefault();
};

}  // namespace grpc_core

absl::variant<grpc_core::Pending, absl::Status> grpc_deframe_unprocessed_incoming_frames(
    grpc_chttp2_stream* stream, int64_t* min_progress_size, grpc_core::SliceBuffer* message,
    uint32_t* flags);

namespace {

using dataservice::Original;

constinit Original<decltype(grpc_deframe_unprocessed_incoming_frames)> original_deframe(
    "_Z40grpc_deframe_unprocessed_incoming_framesP18grpc_chttp2_streamPlPN9grpc_"
    "core11SliceBufferEPj");
constinit Original<decltype(grpc_core::HPackParser::String::Unbase64Loop)> original_unbase64_loop(
    "_ZN9grpc_core11HPackParser6String12Unbase64LoopEPKhS3_");
constinit Original<decltype(grpc_core::Executor::IsThreadedDefault)> original_is_threaded_default(
    "_ZN9grpc_core8Executor17IsThreadedDefaultEv");

// Known by their addresses.
constexpr uint8_t kBroken[1] = {0};
constexpr uint8_t kTooLong[1] = {0};

// A client whose message has arrived in part may send so many bytes beyond the initial window. gRPC
// itself lets it send what is missing of the message, if that is more. While a client has used up
// what it may send beyond the initial window, gRPC answers each message of a stream at once with
// two WINDOW_UPDATE frames in a packet of their own, for which the client wakes up.
constexpr int64_t kLeastWindow = 64 * 1024;

std::atomic<int64_t> longest_message{0};  // 0: no limit

void Replace(grpc_core::SliceBuffer* message, const uint8_t (&marker)[1]) {
  auto* slices = reinterpret_cast<grpc_slice_buffer*>(message);
  grpc_slice_buffer_reset_and_unref(slices);
  grpc_slice_buffer_add(slices, grpc_slice_from_static_buffer(marker, sizeof marker));
}

bool Is(const grpc::ByteBuffer& message, const uint8_t (&marker)[1]) {
  if (message.Length() != sizeof marker) return false;
  grpc::Slice slice;
  return message.TrySingleSlice(&slice).ok() && slice.begin() == marker;
}

}  // namespace

// gRPC ignores the error, and treats a message with an unknown compression as one without.
// The bytes that could not be read are not consumed: each later read gets the message that
// marks them, too.
absl::variant<grpc_core::Pending, absl::Status> grpc_deframe_unprocessed_incoming_frames(
    grpc_chttp2_stream* stream, int64_t* min_progress_size, grpc_core::SliceBuffer* message,
    uint32_t* flags) {
  auto result = original_deframe(stream, min_progress_size, message, flags);
  const auto* status = absl::get_if<absl::Status>(&result);
  if (status == nullptr) {  // pending: more has to arrive
    if (min_progress_size == nullptr) return result;
    const int64_t longest = longest_message;
    if (longest == 0 || *min_progress_size <= longest) {
      *min_progress_size = std::max(*min_progress_size, kLeastWindow);
      return result;
    }
    Replace(message, kTooLong);
  } else {
    if (status->ok() && *flags == 0) return result;
    Replace(message, kBroken);
  }
  *flags = 0;
  return absl::OkStatus();
}

// The header is empty then, and the connection continues.
absl::optional<std::vector<uint8_t>> grpc_core::HPackParser::String::Unbase64Loop(
    const uint8_t* cur, const uint8_t* end) {
  auto bytes = original_unbase64_loop(cur, end);
  if (!bytes.has_value()) bytes.emplace();
  return bytes;
}

// Only the part of libgrpc asks that shares the work of a connection among threads: there is no
// thread to leave it to.
bool grpc_core::Executor::IsThreadedDefault() { return false; }

namespace dataservice {

bool GrpcIsRepaired() {
  return original_deframe.exists() && original_unbase64_loop.exists() &&
         original_is_threaded_default.exists();
}

void LimitMessages(size_t bytes) {
  const auto limit = static_cast<int64_t>(bytes);
  int64_t current = longest_message;
  while (current < limit && !longest_message.compare_exchange_weak(current, limit)) {
  }
}

bool IsTooLong(const grpc::ByteBuffer& message) { return Is(message, kTooLong); }

bool IsBroken(const grpc::ByteBuffer& message) { return Is(message, kBroken); }

}  // namespace dataservice
