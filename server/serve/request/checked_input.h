// The bytes of a request, which end early if the request has too much in it.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <functional>
#include <memory>

#include "serve/request/part_count.h"

namespace dataservice {

// Counts the parts of a message when its parser asks for more bytes than a message has that
// cannot have too many: such a message costs nothing.
class CheckedInput final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  using Reread = std::function<std::unique_ptr<ZeroCopyInputStream>()>;

  // `bytes` are those of a message of `type`. `reread` returns them again, from the first one; null
  // where that is not possible, and nothing is counted. All outlive it.
  CheckedInput(const google::protobuf::Descriptor& type, ZeroCopyInputStream& bytes,
               const Reread& reread)
      : type_(type), bytes_(bytes), reread_(reread) {}

  bool Next(const void** data, int* size) override;
  void BackUp(int count) override {
    given_ -= count;
    bytes_.BackUp(count);
  }
  bool Skip(int count) override { return bytes_.Skip(count); }
  int64_t ByteCount() const override { return bytes_.ByteCount(); }

  // If it is not kFits, the bytes may have ended early, also where a message may end.
  const PartCount& count() const { return count_; }

 private:
  const google::protobuf::Descriptor& type_;
  ZeroCopyInputStream& bytes_;
  const Reread& reread_;
  int64_t given_ = 0;
  bool is_counted_ = false;
  PartCount count_;
};

}  // namespace dataservice
