#include "serve/rpc/socket_turns.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "serve/connection/watched_sockets.h"
#include "serve/rpc/original.h"

namespace {

using dataservice::ClientConnection;
using dataservice::Original;

constinit Original<ssize_t(int, msghdr*, int)> original_recvmsg("recvmsg");
constinit Original<int(int, int, int, epoll_event*)> original_epoll_ctl("epoll_ctl");

// The first bytes of the buffers of a message: as many as a turn permits.
class Turn {
 public:
  Turn(const msghdr& message, size_t bytes) {
    for (size_t i = 0; i < message.msg_iovlen && i < buffers_.size() && bytes_ < bytes; ++i) {
      buffers_[i] = message.msg_iov[i];
      buffers_[i].iov_len = std::min(buffers_[i].iov_len, bytes - bytes_);
      bytes_ += buffers_[i].iov_len;
      count_ = i + 1;
    }
  }

  ssize_t Receive(int socket, msghdr& message, int flags) {
    iovec* const all = std::exchange(message.msg_iov, buffers_.data());
    const size_t count = std::exchange(message.msg_iovlen, count_);
    const ssize_t received = original_recvmsg(socket, &message, flags);
    message.msg_iov = all;
    message.msg_iovlen = count;
    return received;
  }

 private:
  std::array<iovec, 16> buffers_;  // gRPC's have at least 8 KB each, except the first one
  size_t count_ = 0;
  size_t bytes_ = 0;
};

// Where the kernel says how many bytes are left in the socket; null if it does not.
unsigned char* BytesLeft(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == SOL_TCP && part->cmsg_type == TCP_CM_INQ) return CMSG_DATA(part);
  }
  return nullptr;
}

// The socket becomes the last one of those that are ready.
void EndTurn(int socket, const ClientConnection& connection, msghdr& message) {
  unsigned char* const place = BytesLeft(message);
  if (place == nullptr) return;
  int left;
  std::memcpy(&left, place, sizeof left);
  if (left == 0) return;
  epoll_event event{};
  event.events = connection.epoll_events.load(std::memory_order_relaxed);
  event.data.u64 = connection.epoll_data.load(std::memory_order_relaxed);
  if (original_epoll_ctl(connection.epoll, EPOLL_CTL_MOD, socket, &event) != 0) return;
  left = 0;
  std::memcpy(place, &left, sizeof left);
}

}  // namespace

extern "C" int epoll_ctl(int epoll, int operation, int socket, epoll_event* event) noexcept {
  // gRPC's, which learns of bytes that arrive, not of bytes that are there.
  if (operation == EPOLL_CTL_ADD && (event->events & EPOLLET) != 0) {
    ClientConnection* const connection = dataservice::WatchedConnection(socket);
    if (connection != nullptr) {
      connection->epoll_events.store(event->events, std::memory_order_relaxed);
      connection->epoll_data.store(event->data.u64, std::memory_order_relaxed);
      connection->epoll.store(epoll, std::memory_order_release);
    }
  }
  return original_epoll_ctl(epoll, operation, socket, event);
}

extern "C" ssize_t recvmsg(int socket, msghdr* message, int flags) {
  ClientConnection* const connection =
      message->msg_controllen == 0 ? nullptr : dataservice::WatchedConnection(socket);
  if (connection == nullptr || connection->epoll.load(std::memory_order_acquire) < 0) {
    return original_recvmsg(socket, message, flags);
  }
  const size_t permitted =
      (connection->takes_short_turns() ? dataservice::kShortTurnBytes : dataservice::kTurnBytes) +
      std::min(connection->frames().missing_data(), dataservice::kMostDataBytes);
  Turn turn(*message, permitted);
  const ssize_t received = turn.Receive(socket, *message, flags);
  // Of fewer bytes, gRPC's buffers were the limit: it reads on.
  if (received == static_cast<ssize_t>(permitted)) EndTurn(socket, *connection, *message);
  return received;
}

namespace dataservice {

bool SocketsTakeTurns() { return original_recvmsg.exists() && original_epoll_ctl.exists(); }

}  // namespace dataservice
