#include "client_rows.h"

#include <google/protobuf/util/time_util.h>

#include <chrono>
#include <cstdlib>

#include "status_info.h"

namespace dataservice::test {

using google::protobuf::util::TimeUtil;

std::string TextOfTag(int64_t tag) { return "w" + std::to_string(tag); }

int64_t TagOfText(const std::string& text) {
  return text.empty() ? 0 : std::strtoll(text.c_str() + 1, nullptr, 10);
}

SerialRow RowOf(const types::v1::Sample& sample, unsigned shown) {
  return {.key = sample.id(),
          .tag = TagOfText(sample.text()),
          .made = TimeUtil::TimestampToMicroseconds(sample.create_time()),
          .changed = TimeUtil::TimestampToMicroseconds(sample.update_time()),
          .shown = shown,
          .small = sample.i32(),
          .big = sample.i64(),
          .parent = sample.order_code(),
          .etag = sample.etag()};
}

SerialRow RowOf(const types::v1::Order& order) {
  const int64_t tag = TagOfText(order.user());
  return {.key = order.code(), .tag = tag, .made = tag, .changed = tag, .shown = 0};
}

types::v1::Sample SampleOf(const SerialRow& row) {
  types::v1::Sample sample;
  sample.set_id(row.key);
  sample.set_text(TextOfTag(row.tag));
  sample.set_i32(row.small);
  sample.set_i64(row.big);
  sample.set_order_code(row.parent);
  return sample;
}

// A sample's key is a UUID, an order's is short.
bool IsSample(const SerialRow& row) { return row.key.size() == 36; }

bool SetOutcome(const grpc::Status& status, SerialCall& call) {
  const google::rpc::ErrorInfo info = InfoOf(status);
  // "requests[3]" or "ids[3]".
  const auto element = info.metadata().find("element");
  if (element != info.metadata().end()) {
    const size_t bracket = element->second.find('[');
    call.element = std::strtoul(element->second.c_str() + bracket + 1, nullptr, 10);
  } else if (call.writes.size() + call.keys.size() > 1) {
    call.element.reset();
  }
  call.outcome = SerialCall::kRefused;
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      call.outcome = SerialCall::kDone;
      return true;
    case grpc::StatusCode::NOT_FOUND:
      call.refusal = Refusal::kAbsent;
      return true;
    case grpc::StatusCode::ALREADY_EXISTS:
      call.refusal = info.reason() == "REQUEST_ID_REUSED" ? Refusal::kIdReused : Refusal::kPresent;
      return true;
    case grpc::StatusCode::ABORTED:
      call.refusal = Refusal::kOtherVersion;
      return info.reason() == "ETAG_MISMATCH";
    case grpc::StatusCode::FAILED_PRECONDITION:
      call.refusal = info.reason() == "STILL_REFERENCED" ? Refusal::kHeld : Refusal::kNoParent;
      return info.reason() != "UNIQUE_BROKEN";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::UNAVAILABLE:
      call.outcome = SerialCall::kUnknown;
      call.returned = kNever;
      return true;
    default:
      return false;
  }
}

SerialTime Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace dataservice::test
