// Which addresses other machines can reach.
#pragma once

#include <string>

namespace dataservice {

// Whether only this machine can connect to an address in a form that gRPC takes: a Unix socket,
// or a host (an IP address, or a name all of whose addresses count) that is loopback (127.0.0.0/8,
// ::1). False for what cannot be resolved. May ask the name service.
bool IsLocalAddress(const std::string& address);

}  // namespace dataservice
