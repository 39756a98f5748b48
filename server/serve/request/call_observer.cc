#include "serve/request/call_observer.h"

#include "serve/execution/operation.h"

namespace dataservice {

void CallObservation::SetTimes(const Operation& operation) {
  if (observer_ != nullptr) times_ = TimesOf(operation);
}

void CallObservation::End(const absl::Status& status, const RequestMetadata& metadata,
                          bool is_stream, size_t bytes) const {
  if (observer_ == nullptr) return;
  observer_->OnCallEnd({.path = path_,
                        .status = status,
                        .began = began_,
                        .ended = std::chrono::steady_clock::now(),
                        .is_stream = is_stream,
                        .bytes = bytes,
                        .times = times_,
                        .caller = caller_ == nullptr ? *AnonymousCaller() : *caller_,
                        .metadata = metadata});
}

}  // namespace dataservice
