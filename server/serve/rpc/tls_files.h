// The certificate, the key and the CAs of the server, read again when their files change.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "file_watch.h"

namespace dataservice {

struct TlsSettings {
  // PEM files: the certificate with the intermediate ones after it, and its key. Both or none;
  // without them there is no TLS.
  std::string certificate;
  std::string key;
  // PEM file of the CAs that may sign certificates of clients. Empty: clients have none.
  std::string client_ca;
  // Whether a client may connect without a certificate although client_ca is set.
  bool client_certificate_optional = false;

  bool enabled() const { return !certificate.empty(); }
};

// What a handshake needs, as PEM.
struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string client_ca;
};

// Thread-safe.
class TlsFiles {
 public:
  // INVALID_ARGUMENT if a file cannot be read, or is not what it must be, or the key is not that
  // of the certificate. Later contents that are not are refused (`file_refused` in the log), so
  // that files that are replaced one after the other take effect together.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(const TlsSettings& settings,
                                                        absl::Duration period = FileWatch::kPeriod);

  // Never null.
  std::shared_ptr<const TlsMaterial> Current() const;

 private:
  TlsFiles() = default;
  void Take(TlsMaterial material);

  mutable absl::Mutex mutex_;
  std::shared_ptr<const TlsMaterial> current_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<FileWatch> watch_;
};

}  // namespace dataservice
