// Which connection a socket of gRPC is, for the functions that gRPC calls (rpc/grpc_frames.h).
#pragma once

#include <memory>

#include "serve/connection/client_connections.h"

namespace dataservice {

// Remembers the connection of a socket, before gRPC gets it, until another one has its number.
void WatchSocket(int socket, std::shared_ptr<ClientConnection> connection);

// The connection of a socket that gRPC reads or writes; null for any other. It exists as long as
// the socket is open, and may be another one's once it is closed.
ClientConnection* WatchedConnection(int socket);

}  // namespace dataservice
