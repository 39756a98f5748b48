#include "relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace dataservice::test {
namespace {

// How often a thread looks whether it shall stop.
constexpr int kTickMilliseconds = 50;

sockaddr_in Local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

bool SendAll(int socket, const std::string& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t sent = send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    at += static_cast<size_t>(sent);
  }
  return true;
}

// Empty at the end of the stream.
std::string Receive(int socket) {
  std::string bytes(65536, '\0');
  const ssize_t size = recv(socket, bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return bytes;
}

// ReadyForQuery, idle: the statement is over, and committed.
bool IsOver(const std::string& answer) { return answer.ends_with(std::string("Z\0\0\0\x05I", 6)); }

// The packet, without its process id and key.
bool IsCancelRequest(const std::string& sent) {
  return sent.starts_with(std::string("\0\0\0\x10\x04\xd2\x16\x2e", 8));
}

}  // namespace

Relay::Relay(int port) : target_(port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Local(0);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("relay");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  accepter_ = std::thread([this] { Accept(); });
}

Relay::~Relay() {
  stopping_ = true;
  accepter_.join();
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

void Relay::Lose(Loss loss, const std::string& marker, int times) {
  const std::lock_guard lock(mutex_);
  loss_ = loss;
  marker_ = marker;
  times_ = times;
}

bool Relay::Due(const std::string& sent, Loss& loss) {
  const std::lock_guard lock(mutex_);
  if (times_ == 0 || sent.find(marker_) == std::string::npos) return false;
  --times_;
  loss = loss_;
  return true;
}

void Relay::Accept() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (poll(&waiting, 1, kTickMilliseconds) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (lost_ > ends_with_loss_) {
      close(client);
    } else {
      connections_.emplace_back([this, client] { Serve(client); });
    }
  }
}

void Relay::Serve(int client) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Local(target_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  bool losing = false;
  Loss loss = Loss::kAnswer;
  std::string sent;    // of the statement under way
  std::string answer;  // that is lost
  while (open && !stopping_) {
    pollfd sockets[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    // A client that was cut off has nothing more to say.
    if (losing && loss == Loss::kClient) sockets[0].fd = -1;
    if (poll(sockets, 2, kTickMilliseconds) <= 0) continue;
    if (sockets[1].revents != 0) {
      const std::string bytes = Receive(server);
      open = !bytes.empty();
      sent.clear();
      if (!losing) {
        open = open && SendAll(client, bytes);
      } else if (IsOver(answer += bytes)) {
        ++lost_;
        open = false;
      }
    }
    if (open && sockets[0].revents != 0) {
      const std::string bytes = Receive(client);
      const bool dropped = ignores_cancels_ && IsCancelRequest(bytes);
      open = !bytes.empty() && !dropped && SendAll(server, bytes);
      losing = losing || Due(sent += bytes, loss);
      if (losing && loss == Loss::kClient) shutdown(client, SHUT_RDWR);
    }
  }
  close(client);
  close(server);
}

}  // namespace dataservice::test
