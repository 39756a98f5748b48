#ifndef DATASERVICE_CLIENT_RETRY_H_
#define DATASERVICE_CLIENT_RETRY_H_

#include <absl/time/time.h>

#include <string>

#include "dataservice/client/options.h"

namespace dataservice::client {

// Returns the random pause after attempt n (from 1).
absl::Duration Pause(const Retry& retry, int attempt);

// Waits before attempt n+1, for `pause`. Returns false, at once, if the attempts are used up or
// the deadline would pass, and if the call is cancelled. The cancellation can be null.
bool WaitForAttempt(const Retry& retry, int attempt, absl::Duration pause, absl::Time deadline,
                    Cancellation* cancellation);

// Returns an id that no other call has: 128 random bits, in hexadecimal.
std::string NewRequestId();

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_RETRY_H_
