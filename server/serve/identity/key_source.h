// Where the keys of tokens come from: a file, or a URL that is fetched again and again.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "serve/identity/key_set.h"

namespace dataservice {

struct KeySettings {
  // A path, or a URL that begins with https:// or http://. Empty: there are no keys.
  std::string jwks;
  // PEM file of the CAs that may sign the certificate of an https URL. Empty: those of the
  // system.
  std::string jwks_ca;
  // Time between two fetches of a URL.
  std::chrono::milliseconds jwks_refresh{300000};
};

// Thread-safe.
class KeySource {
 public:
  virtual ~KeySource() = default;

  // The set that was read last; a set that cannot be read leaves the last one in use. Null
  // before the first set has come from a URL. Does not block.
  virtual std::shared_ptr<const KeySet> Current() const = 0;
  // A token names a key that the set does not have: fetches a URL soon, but not within
  // kMinFetchPause of the last time. Does not block.
  virtual void Refresh() {}
};

// Pause between two fetches, also after failures, at least.
inline constexpr std::chrono::milliseconds kMinFetchPause{5000};

// Reads the file, or begins to fetch the URL in a thread of its own. INVALID_ARGUMENT if the
// file is no JWK Set. A URL that is away does not prevent the start.
absl::StatusOr<std::unique_ptr<KeySource>> OpenKeySource(
    const KeySettings& settings, std::chrono::milliseconds min_pause = kMinFetchPause);

}  // namespace dataservice
