#include "relay.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace bench {
namespace {

int Checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

sockaddr_in Local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Sent when it is due, not when more has come.
void SendAtOnce(int socket) {
  const int on = 1;
  Checked(setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
}

// -1 if nothing listens there.
int Connect(int port) {
  const int socket = Checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = Local(port);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(socket);
    return -1;
  }
  SendAtOnce(socket);
  return socket;
}

}  // namespace

// A client, the target for it, and the two directions between them.
struct Relay::Connection {
  Connection(int client_socket, int target_socket, Clock::duration delay)
      : client(client_socket),
        target(target_socket),
        up(client_socket, target_socket, delay),
        down(target_socket, client_socket, delay) {}
  ~Connection() {
    close(client);
    close(target);
  }
  bool over() const { return up.failed() || down.failed() || (up.finished() && down.finished()); }

  const int client;
  const int target;
  DelayedPipe up;
  DelayedPipe down;
  // What epoll watches for; -1: not yet known to it.
  int client_events = -1;
  int target_events = -1;
};

Relay::Relay(int listen_port, int target_port, std::chrono::microseconds delay)
    : target_port_(target_port), delay_(delay) {
  epoll_ = Checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  listener_ = Checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  const int on = 1;
  Checked(setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), "SO_REUSEADDR");
  const sockaddr_in address = Local(listen_port);
  Checked(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "bind");
  Checked(listen(listener_, SOMAXCONN), "listen");
  epoll_event event{};
  event.events = EPOLLIN;
  Checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event), "epoll_ctl");
}

Relay::~Relay() {
  connections_.clear();
  close(listener_);
  close(epoll_);
}

void Relay::Accept() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    SendAtOnce(client);
    const int target = Connect(target_port_);
    if (target < 0) {
      close(client);
      continue;
    }
    connections_.push_back(std::make_unique<Connection>(client, target, delay_));
    Watch(*connections_.back());
  }
}

void Relay::Watch(Connection& connection) {
  const auto watch = [&](int socket, const DelayedPipe& from, const DelayedPipe& to, int& watched) {
    epoll_event event{};
    if (from.wants_input()) event.events |= EPOLLIN;
    if (to.wants_output()) event.events |= EPOLLOUT;
    const int events = static_cast<int>(event.events);
    if (events == watched) return;
    event.data.ptr = &connection;
    Checked(epoll_ctl(epoll_, watched < 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event),
            "epoll_ctl");
    watched = events;
  };
  watch(connection.client, connection.up, connection.down, connection.client_events);
  watch(connection.target, connection.down, connection.up, connection.target_events);
}

void Relay::Serve(Connection& connection) {
  connection.up.Read();
  connection.down.Read();
  connection.up.Write();
  connection.down.Write();
}

void Relay::Wait() {
  std::optional<Clock::time_point> due;
  for (const auto& connection : connections_) {
    for (const DelayedPipe* pipe : {&connection->up, &connection->down}) {
      const std::optional<Clock::time_point> next = pipe->due();
      if (next && (!due || *next < *due)) due = next;
    }
  }
  timespec timeout{};
  if (due) {
    const auto wait =
        std::max(std::chrono::nanoseconds(*due - Clock::now()), std::chrono::nanoseconds::zero());
    timeout.tv_sec = static_cast<time_t>(wait.count() / 1'000'000'000);
    timeout.tv_nsec = static_cast<long>(wait.count() % 1'000'000'000);
  }
  std::array<epoll_event, 64> events;
  const int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()),
                                 due ? &timeout : nullptr, nullptr);
  if (count < 0 && errno != EINTR) Checked(count, "epoll_pwait2");
  for (int i = 0; i < count; ++i) {
    auto* const connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
    if (connection == nullptr) {
      Accept();
    } else {
      Serve(*connection);
    }
  }
}

void Relay::Run() {
  for (;;) {
    Wait();
    // There are a few dozen at most: looking at each costs less than keeping
    // them in the order of their next pieces.
    for (const auto& connection : connections_) {
      connection->up.Write();
      connection->down.Write();
      Watch(*connection);
    }
    connections_.remove_if([](const auto& connection) { return connection->over(); });
  }
}

}  // namespace bench
