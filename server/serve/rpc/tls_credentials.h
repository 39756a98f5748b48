// TLS of the server's port.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "serve/identity/authenticator.h"
#include "serve/rpc/tls_files.h"

namespace dataservice {

// TLS 1.2 and 1.3, with the files of the moment in each handshake; connections that exist are not
// touched when files change. INVALID_ARGUMENT as TlsFiles::Open. Must outlive the server that
// listens with it.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    const TlsSettings& settings);

// The client of a connection.
Peer PeerOf(const grpc::AuthContext& connection);

}  // namespace dataservice
