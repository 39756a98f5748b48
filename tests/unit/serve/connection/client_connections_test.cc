#include "serve/connection/client_connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <vector>

namespace dataservice::test {
namespace {

sockaddr_storage Address(const char* text, int port = 1000) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<uint16_t>(port));
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(port));
  }
  return address;
}

TEST(ClientAddressTest, AClientIsAnAddressOrANetwork) {
  EXPECT_EQ(ClientAddress(Address("10.0.0.1", 1)), ClientAddress(Address("10.0.0.1", 2)));
  EXPECT_EQ(ClientAddress(Address("10.0.0.1")), ClientAddress(Address("::ffff:10.0.0.1")));
  EXPECT_FALSE(ClientAddress(Address("10.0.0.1")) == ClientAddress(Address("10.0.0.2")));
  EXPECT_EQ(ClientAddress(Address("2001:db8::1")), ClientAddress(Address("2001:db8::2")));
  EXPECT_FALSE(ClientAddress(Address("2001:db8::1")) == ClientAddress(Address("2001:db8:0:1::1")));
  EXPECT_EQ(ClientAddress(Address("10.0.0.1")).Text(), "10.0.0.1");
  EXPECT_EQ(ClientAddress(Address("2001:db8::1")).Text(), "2001:db8::/64");
}

TEST(ClientAddressTest, NamesAreThoseOfGrpc) {
  EXPECT_EQ(PeerName(Address("10.0.0.1", 80)), "ipv4:10.0.0.1:80");
  EXPECT_EQ(PeerName(Address("::ffff:10.0.0.1", 80)), "ipv4:10.0.0.1:80");
  EXPECT_EQ(PeerName(Address("::1", 80)), "ipv6:%5B::1%5D:80");
}

TEST(ClientConnectionsTest, OneClientHasHalf) {
  ClientConnections connections({}, 4);
  const auto first = connections.Add(Address("10.0.0.1", 1));
  ASSERT_NE(first, nullptr);
  EXPECT_NE(connections.Add(Address("10.0.0.1", 2)), nullptr);
  EXPECT_EQ(connections.Add(Address("10.0.0.1", 3)), nullptr);
  EXPECT_NE(connections.Add(Address("10.0.0.2", 3)), nullptr);
  EXPECT_NE(connections.Add(Address("10.0.0.3", 3)), nullptr);
  EXPECT_EQ(connections.Add(Address("10.0.0.4", 3)), nullptr);
  connections.Remove(*first);
  connections.Forget();
  EXPECT_NE(connections.Add(Address("10.0.0.1", 3)), nullptr);
}

TEST(ClientConnectionsTest, AConnectionIsFoundByItsName) {
  ClientConnections connections({}, 10);
  const auto one = connections.Add(Address("10.0.0.1", 1));
  const auto other = connections.Add(Address("2001:db8::1", 2));
  EXPECT_EQ(connections.Find("ipv4:10.0.0.1:1"), one);
  EXPECT_EQ(connections.Find("ipv6:%5B2001:db8::1%5D:2"), other);
  const auto unnamed = connections.Find("unix:");
  ASSERT_NE(unnamed, nullptr);
  EXPECT_NE(unnamed, one);
  connections.Remove(*one);
  EXPECT_EQ(connections.Find("ipv4:10.0.0.1:1"), unnamed);
}

TEST(ClientConnectionsTest, WhatIsUnderWayHasLimits) {
  ClientConnections connections({.max_calls = 8}, 10);
  const auto one = connections.Add(Address("10.0.0.1", 1));
  const auto same = connections.Add(Address("10.0.0.1", 2));
  const auto other = connections.Add(Address("10.0.0.2", 1));
  const auto third = connections.Add(Address("10.0.0.3", 1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one->Take(Counted::kCalls, 1));
  EXPECT_TRUE(same->Take(Counted::kCalls, 1));
  EXPECT_FALSE(same->Take(Counted::kCalls, 1));  // a client has half
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(other->Take(Counted::kCalls, 1));
  EXPECT_FALSE(other->Take(Counted::kCalls, 1));  // the last one is for a client that has none
  EXPECT_TRUE(third->Take(Counted::kCalls, 1));
  EXPECT_FALSE(third->Take(Counted::kCalls, 1));  // all
  one->Give(Counted::kCalls, 1);
  EXPECT_FALSE(one->Take(Counted::kCalls, 1));
}

TEST(ClientConnectionsTest, TwoClientsCannotTakeWhatIsKeptForOthers) {
  ClientConnections connections({.max_unread_bytes = 12800}, 10);
  const auto first = connections.Add(Address("10.0.0.1", 1));
  const auto second = connections.Add(Address("10.0.0.2", 1));
  const auto modest = connections.Add(Address("10.0.0.3", 1));
  EXPECT_TRUE(first->Take(Counted::kUnreadBytes, 6400));
  EXPECT_FALSE(second->Take(Counted::kUnreadBytes, 6400));
  EXPECT_TRUE(second->Take(Counted::kUnreadBytes, 4800));  // seven eighths in all
  EXPECT_FALSE(second->Take(Counted::kUnreadBytes, 1));
  EXPECT_TRUE(modest->Take(Counted::kUnreadBytes, 100));
  EXPECT_FALSE(modest->Take(Counted::kUnreadBytes, 1));
}

TEST(ClientConnectionsTest, HealthChecksAreNoCalls) {
  ClientConnections connections({.max_calls = 2}, 10);
  const auto one = connections.Add(Address("10.0.0.1", 1));
  EXPECT_TRUE(one->Take(Counted::kCalls, 1));
  EXPECT_FALSE(one->Take(Counted::kCalls, 1));
  for (int i = 0; i < kMaxConnectionHealthChecks; ++i) {
    EXPECT_TRUE(one->Take(Counted::kHealthChecks, 1));
  }
  EXPECT_FALSE(one->Take(Counted::kHealthChecks, 1));
}

TEST(ClientConnectionsTest, ALargeAnswerIsGivenAlone) {
  ClientConnections connections({.max_unread_bytes = 100}, 10);
  const auto one = connections.Add(Address("10.0.0.1", 1));
  EXPECT_TRUE(one->Take(Counted::kUnreadBytes, 1000));
  EXPECT_FALSE(one->Take(Counted::kUnreadBytes, 1));
  one->Give(Counted::kUnreadBytes, 1000);
  EXPECT_TRUE(one->Take(Counted::kUnreadBytes, 50));
}

}  // namespace
}  // namespace dataservice::test
