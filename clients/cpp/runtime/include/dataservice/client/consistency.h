#ifndef DATASERVICE_CLIENT_CONSISTENCY_H_
#define DATASERVICE_CLIENT_CONSISTENCY_H_

#include <absl/time/time.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace dataservice::client {

// Records when the latest write of a client ended. Thread-safe.
class WriteClock {
 public:
  void WriteEnded();
  // Returns the time since then, InfiniteDuration without a write.
  absl::Duration SinceLastWrite() const;

 private:
  std::atomic<int64_t> last_{0};  // nanoseconds of the steady clock; 0: no write
};

// Returns the metadata `read-consistency` of an eventual read that is sent now: the rows may be
// those of a moment ago, at most `max_staleness` (InfiniteDuration: no limit but that of the
// service), and not of a moment before the latest write ended. So a client sees its own writes,
// whichever server and database answers.
std::string ReadConsistency(absl::Duration max_staleness, const WriteClock& writes);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_CONSISTENCY_H_
