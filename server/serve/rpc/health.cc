#include "serve/rpc/health.h"

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "serve/connection/connection_limits.h"
#include "serve/errors/errors.h"
#include "serve/rpc/small_request.h"

namespace dataservice {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// The request's service; nothing if the bytes cannot be parsed.
std::optional<std::string> ReadService(google::protobuf::io::ZeroCopyInputStream& bytes) {
  HealthCheckRequest request;
  if (!ParseSmallRequest(bytes, request)) return std::nullopt;
  return std::move(*request.mutable_service());
}

class CheckHandler : public UnaryHandler {
 public:
  explicit CheckHandler(const Health& health) : health_(health) {}

  const std::string& path() const override { return path_; }
  bool is_open() const override { return true; }

  void Handle(google::protobuf::io::ZeroCopyInputStream& request, const RequestContext&,
              UnaryCall& call) const override {
    const auto service = ReadService(request);
    if (!service) return call.Finish(MalformedRequest());
    if (!health_.Knows(*service)) return call.Finish(NotFound("service", *service));
    call.Respond({.message = health_.Response(*service)});
  }

 private:
  const Health& health_;
  const std::string path_ = HealthCheckPath();
};

using Clock = std::chrono::steady_clock;

// Sends the status, and again whenever it has changed.
class Watch : public Stream {
 public:
  Watch(const Health& health, StreamTransport& transport, Clock::time_point (*now)())
      : health_(health), transport_(transport), now_(now), began_(now()) {}

  void Start() override { transport_.Read(); }
  void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) override {
    auto service = ReadService(message);
    {
      absl::MutexLock lock(&mutex_);
      service_ = std::move(service);
      if (!service_) error_ = MalformedRequest();
    }
    Go();
  }
  void OnEnd() override {
    {
      absl::MutexLock lock(&mutex_);
      if (!service_ && error_.ok()) error_ = MalformedRequest();
    }
    Go();
  }
  void OnWritten(bool ok) override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok && error_.ok()) error_ = Cancelled();
    }
    Go();
  }
  void OnTick() override {
    {
      absl::MutexLock lock(&mutex_);
      if (transport_.cancelled() && error_.ok()) error_ = Cancelled();
      if (now_() - began_ > kMaxWatch && error_.ok()) error_ = StreamSilent();
      if (transport_.draining()) draining_ = true;
    }
    Go();
  }

 private:
  void Go() {
    std::string response;
    absl::Status end;
    {
      absl::MutexLock lock(&mutex_);
      if (finished_ || writing_) return;
      if (service_) response = health_.Response(*service_);
      // NOT_SERVING is sent before the end.
      const bool changed = service_ && error_.ok() && response != sent_;
      if (changed) {
        writing_ = true;
        sent_ = response;
      } else if (!error_.ok() || draining_) {
        finished_ = true;
        end = error_.ok() ? ShuttingDown() : error_;
      } else {
        return;
      }
    }
    if (end.ok()) {
      transport_.Write(response);
    } else {
      transport_.Finish(end);
    }
  }

  const Health& health_;
  StreamTransport& transport_;
  Clock::time_point (*const now_)();
  const Clock::time_point began_;
  absl::Mutex mutex_;
  std::optional<std::string> service_ ABSL_GUARDED_BY(mutex_);
  std::string sent_ ABSL_GUARDED_BY(mutex_);
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

class WatchHandler : public StreamHandler {
 public:
  WatchHandler(const Health& health, Clock::time_point (*now)()) : health_(health), now_(now) {}

  const std::string& path() const override { return path_; }
  bool is_open() const override { return true; }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext&,
                               std::chrono::milliseconds) const override {
    return std::make_unique<Watch>(health_, transport, now_);
  }

 private:
  const Health& health_;
  Clock::time_point (*const now_)();
  const std::string path_ = std::string("/") + kHealthService + "/Watch";
};

}  // namespace

std::string HealthCheckPath() { return std::string("/") + kHealthService + "/Check"; }

Health::Health(std::set<std::string> services) : services_(std::move(services)) {
  services_.insert("");
}

std::string Health::Response(const std::string& service) const {
  HealthCheckResponse response;
  response.set_status(!Knows(service) ? HealthCheckResponse::SERVICE_UNKNOWN
                      : serving_      ? HealthCheckResponse::SERVING
                                      : HealthCheckResponse::NOT_SERVING);
  return response.SerializeAsString();
}

std::unique_ptr<UnaryHandler> MakeHealthCheckHandler(const Health& health) {
  return std::make_unique<CheckHandler>(health);
}

std::unique_ptr<StreamHandler> MakeHealthWatchHandler(const Health& health,
                                                      Clock::time_point (*now)()) {
  return std::make_unique<WatchHandler>(health, now);
}

}  // namespace dataservice
