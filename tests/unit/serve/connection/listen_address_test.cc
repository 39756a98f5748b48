#include "serve/connection/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/rpc/server.h"

namespace dataservice::test {
namespace {

TEST(ListenAddress, LoopbackAndUnixSocketsAreLocal) {
  for (const char* address :
       {"127.0.0.1:50051", "127.1.2.3:1", "localhost:50051", "[::1]:50051", "::1", "127.0.0.1",
        "[::ffff:127.0.0.1]:1", "ipv4:127.0.0.1:1", "ipv6:[::1]:1", "dns:///localhost:1",
        "dns:127.0.0.1:1", "unix:/run/a", "unix:///run/a", "unix-abstract:a"}) {
    EXPECT_TRUE(IsLocalAddress(address)) << address;
  }
}

TEST(ListenAddress, WhatOtherMachinesReachIsNot) {
  for (const char* address :
       {"0.0.0.0:50051", "[::]:50051", "::", "10.0.0.1:1", "[::ffff:10.0.0.1]:1", "ipv4:0.0.0.0:1",
        "ipv6:[::]:1", "", ":50051", "*:1", "dns:///0.0.0.0:1", "vsock:2:1", "0:1", "[fe80::1]:1",
        "no-such-host.invalid:1"}) {
    EXPECT_FALSE(IsLocalAddress(address)) << address;
  }
}

TEST(ListenAddress, CleartextForOthersNeedsAFlag) {
  RpcSettings settings{.address = "0.0.0.0:0"};
  const auto start = [&] {
    return RpcServer::Start(settings, TypesContract(), {}, Admitter(nullptr, nullptr, nullptr),
                            [](auto) {})
        .status();
  };
  EXPECT_THAT(std::string(start().message()), testing::HasSubstr("--allow_cleartext"));
  settings.allow_cleartext = true;
  EXPECT_TRUE(start().ok());
}

}  // namespace
}  // namespace dataservice::test
