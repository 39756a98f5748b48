#ifndef DATASERVICE_CLIENT_TELEMETRY_H_
#define DATASERVICE_CLIENT_TELEMETRY_H_

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <map>
#include <memory>
#include <string>

namespace dataservice::client {

// Observes one logical call, with its repetitions. Only one thread at a time uses it. Nothing
// that it receives is a value of a request.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // Returns metadata for the service, such as the trace context (W3C Trace Context). Their
  // names are in lower case.
  virtual std::map<std::string, std::string> Metadata() { return {}; }
  // The call is repeated after this pause.
  virtual void Repeated(absl::Duration pause) = 0;
  // The call has ended. `error` is the name of the error's type, such as "NotFound", or empty.
  virtual void End(absl::StatusCode code, absl::string_view error) = 0;
};

// Observes the calls of a client. Thread-safe.
class Telemetry {
 public:
  virtual ~Telemetry() = default;

  // A call of a method ("package.Service/Method") begins.
  virtual std::unique_ptr<CallObserver> Begin(absl::string_view method,
                                              absl::string_view request_id) = 0;
};

// Returns spans and durations by the global providers of the OpenTelemetry API. Null if the
// package was built without the API. `name` and `version` are those of the client.
std::shared_ptr<Telemetry> OpenTelemetry(const std::string& name, const std::string& version);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_TELEMETRY_H_
