#include "serve/rpc/socket_turns.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "serve/connection/client_connections.h"
#include "serve/connection/descriptor.h"
#include "serve/connection/watched_sockets.h"

namespace dataservice::test {
namespace {

// What recvmsg returns to a caller that asks, as gRPC does, for much.
struct Received {
  ssize_t bytes;
  int left;  // in the socket, as the kernel says, or the turns
};

// A connection over which a client has sent something, as the server sees it.
class Connection {
 public:
  explicit Connection(ClientConnections& connections) {
    const Descriptor listener(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener.get(), 1), 0);
    EXPECT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    client_ = Descriptor(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(client_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    server_ = Descriptor(accept(listener.get(), nullptr, nullptr));
    const int on = 1;
    EXPECT_EQ(setsockopt(server_.get(), SOL_TCP, TCP_INQ, &on, sizeof on), 0);
    sockaddr_storage peer{};
    std::memcpy(&peer, &address, sizeof address);
    connection_ = connections.Add(peer);
  }
  ~Connection() { WatchSocket(server_.get(), nullptr); }

  void Send(size_t bytes) {
    const std::string data(bytes, 'x');
    EXPECT_EQ(send(client_.get(), data.data(), bytes, 0), static_cast<ssize_t>(bytes));
    int arrived = 0;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (arrived < static_cast<int>(bytes) && std::chrono::steady_clock::now() < until) {
      ASSERT_EQ(ioctl(server_.get(), FIONREAD, &arrived), 0);
      std::this_thread::yield();
    }
    EXPECT_EQ(arrived, static_cast<int>(bytes));
  }

  void Watch() { WatchSocket(server_.get(), connection_); }

  Received Receive() {
    std::vector<char> data(1 << 18);
    std::array<iovec, 2> buffers{{{data.data(), 1000}, {data.data() + 1000, data.size() - 1000}}};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = buffers.data();
    message.msg_iovlen = buffers.size();
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Received received{recvmsg(server_.get(), &message, 0), -1};
    const cmsghdr* const part = CMSG_FIRSTHDR(&message);
    if (part != nullptr) std::memcpy(&received.left, CMSG_DATA(part), sizeof received.left);
    EXPECT_EQ(message.msg_iovlen, buffers.size());
    EXPECT_EQ(buffers[0].iov_len, 1000U);
    return received;
  }

  int socket_of_server() const { return server_.get(); }
  ClientConnection& connection() { return *connection_; }

 private:
  Descriptor client_;
  Descriptor server_;
  std::shared_ptr<ClientConnection> connection_;
};

class SocketTurnsTest : public testing::Test {
 protected:
  SocketTurnsTest() { EXPECT_TRUE(SocketsTakeTurns()); }

  // Waits for it as gRPC does. Ready() returns `name` once something can be read.
  void Poll(Connection& connection, int name) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.fd = name;
    EXPECT_EQ(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket_of_server(), &event), 0);
  }
  void Poll(Connection& connection) { Poll(connection, connection.socket_of_server()); }
  // The socket that is ready first, from which something can be read; -1 if there is none.
  int Ready() {
    epoll_event event{};
    const bool ready = epoll_wait(epoll_.get(), &event, 1, 0) == 1;
    return ready && (event.events & EPOLLIN) != 0 ? event.data.fd : -1;
  }

  const Descriptor epoll_{epoll_create1(0)};
  ClientConnections connections_{ConnectionLimits{}, 100};
  Connection one_{connections_};
  Connection other_{connections_};
};

TEST_F(SocketTurnsTest, ASocketIsReadyAgainUntilAllTurnsAreTaken) {
  one_.Watch();
  one_.Send(3 * kTurnBytes - 1);
  Poll(one_);
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(Ready(), one_.socket_of_server());
    const Received received = one_.Receive();
    EXPECT_EQ(received.bytes, static_cast<ssize_t>(kTurnBytes));
    EXPECT_EQ(received.left, 0);
  }
  EXPECT_EQ(Ready(), one_.socket_of_server());
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kTurnBytes - 1));
  EXPECT_EQ(Ready(), -1);
  one_.Send(1);
  EXPECT_EQ(Ready(), one_.socket_of_server());
}

TEST_F(SocketTurnsTest, TurnsAreShortIfSeveralHaveManyCalls) {
  one_.Watch();
  one_.Send(kTurnBytes + 3 * kShortTurnBytes);
  Poll(one_);
  const auto receive = [this] { return static_cast<size_t>(one_.Receive().bytes); };
  one_.connection().Force(Counted::kCalls, kMaxConnectionCalls);  // those of one connection
  EXPECT_EQ(receive(), kTurnBytes);
  other_.connection().Force(Counted::kCalls, 1);
  EXPECT_EQ(receive(), kShortTurnBytes);
  EXPECT_EQ(Ready(), one_.socket_of_server());
  other_.connection().Give(Counted::kCalls, 1);
  EXPECT_EQ(receive(), 2 * kShortTurnBytes);
}

TEST_F(SocketTurnsTest, StreamsMakeNoTurnsShort) {
  one_.Watch();
  one_.Send(2 * kTurnBytes);
  Poll(one_);
  one_.connection().Force(Counted::kCalls, kMaxConnectionCalls);
  other_.connection().Force(Counted::kCalls, kMaxConnectionStreams);
  other_.connection().Force(Counted::kStreams, kMaxConnectionStreams);
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kTurnBytes));
}

TEST_F(SocketTurnsTest, WhoHasFewCallsTakesNoShortTurns) {
  one_.Watch();
  one_.Send(2 * kTurnBytes);
  Poll(one_);
  one_.connection().Force(Counted::kCalls, kShortTurnCalls - 1);
  other_.connection().Force(Counted::kCalls, kMaxConnectionCalls);
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kTurnBytes));
}

TEST_F(SocketTurnsTest, ATurnThatTakesAllIsTheLastOne) {
  one_.Watch();
  one_.Send(kTurnBytes);
  Poll(one_);
  EXPECT_EQ(Ready(), one_.socket_of_server());
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kTurnBytes));
  EXPECT_EQ(Ready(), -1);
}

TEST_F(SocketTurnsTest, SocketsThatAreReadyComeBeforeTheNextTurn) {
  one_.Watch();
  other_.Watch();
  Poll(one_);
  Poll(other_);
  EXPECT_EQ(Ready(), -1);  // for writing
  EXPECT_EQ(Ready(), -1);
  one_.Send(2 * kTurnBytes);
  other_.Send(1);
  EXPECT_EQ(Ready(), one_.socket_of_server());
  one_.Receive();
  EXPECT_EQ(Ready(), other_.socket_of_server());
  other_.Receive();
  EXPECT_EQ(Ready(), one_.socket_of_server());
}

TEST_F(SocketTurnsTest, ASocketMayHaveTheNumberOfAClosedOne) {
  one_.Watch();
  Poll(one_, 1);
  EXPECT_EQ(epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, one_.socket_of_server(), nullptr), 0);
  Poll(one_, 2);
  one_.Send(2 * kTurnBytes);
  EXPECT_EQ(Ready(), 2);
  one_.Receive();
  EXPECT_EQ(Ready(), 2);
}

TEST_F(SocketTurnsTest, TheRestOfADataFrameComesOnTop) {
  one_.Watch();
  constexpr size_t kFrame = 16000;
  std::string begin = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  begin += std::string("\x00\x3e\x80\0\0\0\0\0\1", 9);  // DATA of kFrame bytes
  begin += std::string(100, '\0');
  ASSERT_TRUE(one_.connection().frames().Receive(reinterpret_cast<const uint8_t*>(begin.data()),
                                                 begin.size()));
  one_.Send(2 * kFrame);
  Poll(one_);
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kFrame - 100 + kTurnBytes));
}

TEST_F(SocketTurnsTest, OtherSocketsAreReadUntilNothingIsLeft) {
  constexpr size_t kBytes = 10 * kTurnBytes;
  one_.Send(kBytes);  // no client's
  Poll(one_);
  EXPECT_EQ(one_.Receive().bytes, static_cast<ssize_t>(kBytes));
  other_.Watch();  // gRPC does not wait for it
  other_.Send(kBytes);
  EXPECT_EQ(other_.Receive().bytes, static_cast<ssize_t>(kBytes));
}

}  // namespace
}  // namespace dataservice::test
