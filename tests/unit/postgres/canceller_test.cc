#include "postgres/canceller.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace dataservice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// A server that accepts connections and does not read from them until it answers.
class HangingServer {
 public:
  HangingServer() {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    bind(socket_, any, size);
    listen(socket_, 16);
    getsockname(socket_, any, &size);
    port_ = ntohs(address.sin_port);
  }
  // What still waits for it fails.
  ~HangingServer() { close(socket_); }
  HangingServer(const HangingServer&) = delete;
  HangingServer& operator=(const HangingServer&) = delete;

  // The handle of a connection that is being made.
  CancelHandle Handle() const {
    const std::string conninfo =
        "host=127.0.0.1 sslmode=disable gssencmode=disable port=" + std::to_string(port_);
    PGconn* const connection = PQconnectStart(conninfo.c_str());
    CancelHandle handle(PQgetCancel(connection), PQfreeCancel);
    PQfinish(connection);
    return handle;
  }

  // Closes so many connections.
  void Answer(int connections) const {
    for (int i = 0; i < connections; ++i) close(accept(socket_, nullptr, nullptr));
  }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
};

TEST(Canceller, SendsRequests) {
  const HangingServer server;
  Canceller canceller;
  for (int i = 0; i < 10; ++i) {
    const auto request = canceller.Cancel(server.Handle());
    server.Answer(2);  // the connection itself is the first one
    EXPECT_TRUE(request->Await(seconds(10)));
  }
  EXPECT_FALSE(canceller.Cancel({nullptr, PQfreeCancel})->Await(seconds(10)));
}

TEST(Canceller, EndsWhileAServerHangs) {
  const HangingServer hanging;
  const auto began = Clock::now();
  {
    Canceller canceller;
    EXPECT_FALSE(canceller.Cancel(hanging.Handle())->Await(milliseconds(100)));
  }
  EXPECT_LT(Clock::now() - began, seconds(5));
}

TEST(Canceller, GoesOnWhileAServerHangs) {
  const HangingServer hanging;
  const HangingServer server;
  Canceller canceller;
  const auto held_up = canceller.Cancel(hanging.Handle());
  std::thread answer([&] { server.Answer(2); });
  EXPECT_TRUE(canceller.Cancel(server.Handle())->Await(seconds(20)));
  answer.join();
  EXPECT_FALSE(held_up->Await(milliseconds(0)));
}

}  // namespace
}  // namespace dataservice::test
