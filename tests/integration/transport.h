// How tests reach their engine: in clear, or, with TEST_TLS=1, by mutual TLS (tests/suites/secure).
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>

#include "serve/rpc/server.h"

namespace dataservice::test {

// Gives the server its certificate, with TEST_TLS=1.
void SecureServer(RpcSettings& settings);
// Of a client with a certificate of the same authority, with TEST_TLS=1.
std::shared_ptr<grpc::ChannelCredentials> ClientCredentials();

}  // namespace dataservice::test
