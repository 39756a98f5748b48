#include "serve/request/checked_input.h"

#include "engine_limits.h"

namespace dataservice {
namespace {

// A message within another one has two bytes at least. Values are at least one byte.
constexpr int64_t kFewBytes = 2 * int64_t{kMaxRequestMessages};
static_assert(kFewBytes <= kMaxRequestValues);

}  // namespace

bool CheckedInput::Next(const void** data, int* size) {
  using Result = PartCount::Result;
  if (count_.result != Result::kFits || !bytes_.Next(data, size)) return false;
  given_ += *size;
  if (given_ > kFewBytes && !is_counted_ && reread_ != nullptr) {
    is_counted_ = true;
    count_ = CountParts(type_, *reread_());
  }
  return count_.result == Result::kFits;
}

}  // namespace dataservice
