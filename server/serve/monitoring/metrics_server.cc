#include "serve/monitoring/metrics_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "serve/connection/descriptor.h"
#include "serve/connection/listen_address.h"
#include "serve/monitoring/client_wait.h"
#include "view.h"

namespace dataservice {
namespace {

constexpr int kThreads = 4;
constexpr size_t kMaxHead = 8 * 1024;
constexpr ClientPatience kForHead{.longest = std::chrono::seconds(2),
                                  .while_others_wait = std::chrono::milliseconds(50)};
constexpr ClientPatience kForReceipt{.longest = std::chrono::seconds(5),
                                     .while_others_wait = std::chrono::milliseconds(500)};
constexpr int kStopMilliseconds = 250;
// While nothing can be accepted.
constexpr std::chrono::milliseconds kPause{50};

bool IsLocalClient(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const client = reinterpret_cast<sockaddr*>(&address);
  return getpeername(socket, client, &size) == 0 &&
         (client->sa_family == AF_UNIX || IsLoopback(*client));
}

bool IsLocalName(std::string_view host) {
  const size_t port = host.rfind(':');
  if (port != std::string_view::npos && host.back() != ']') host = host.substr(0, port);
  in_addr address{};
  return host == "localhost" || host == "[::1]" ||
         (inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
          ntohl(address.s_addr) >> 24 == 127);
}

// The request's line and headers, without the empty line; absent if they do not arrive in time.
std::optional<std::string> ReadHead(int socket, const Listener& listener) {
  ClientWait wait(socket, POLLIN, kForHead, listener);
  std::string head;
  std::array<char, 2048> part;
  while (head.size() < kMaxHead && wait.Await()) {
    const ssize_t bytes = recv(socket, part.data(), part.size(), 0);
    if (bytes <= 0) break;
    head.append(part.data(), static_cast<size_t>(bytes));
    const size_t end = head.find("\r\n\r\n");
    if (end != std::string::npos) return head.substr(0, end);
  }
  return std::nullopt;
}

std::string HostOf(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!absl::StartsWithIgnoreCase(line, "host:")) continue;
    return std::string(absl::StripAsciiWhitespace(line.substr(5)));
  }
  return "";
}

void Send(int socket, const Listener& listener, const HttpResponse& response) {
  std::string text = absl::StrCat(
      "HTTP/1.1 ", response.status, response.status == 200 ? " OK" : " Error",
      "\r\nContent-Type: ", response.type, "\r\nContent-Length: ", response.body.size(),
      "\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n", response.body);
  ClientWait wait(socket, POLLOUT, kForReceipt, listener);
  std::string_view left = text;
  while (!left.empty() && wait.Await()) {
    const ssize_t sent = send(socket, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent <= 0) return;
    left.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    Handler handler) {
  auto listener = Listener::Open(address);
  if (!listener.ok()) return listener.status();
  return std::unique_ptr<MetricsServer>(
      new MetricsServer(*std::move(listener), std::move(handler)));
}

MetricsServer::MetricsServer(Listener listener, Handler handler)
    : listener_(std::move(listener)), handler_(std::move(handler)) {
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Run(); });
}

MetricsServer::~MetricsServer() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
}

void MetricsServer::Run() {
  std::vector<pollfd> sockets;
  for (const Descriptor& socket : listener_.sockets()) sockets.push_back({socket.get(), POLLIN, 0});
  while (!stopping_) {
    if (poll(sockets.data(), sockets.size(), kStopMilliseconds) <= 0) continue;
    for (const pollfd& ready : sockets) {
      if (ready.revents == 0) continue;
      // Does not block: another thread may have accepted the connection.
      Descriptor socket(accept4(ready.fd, nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.exists()) {
        Serve(socket.get());
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        std::this_thread::sleep_for(kPause);  // the connection stays, and poll() returns at once
      }
    }
  }
}

void MetricsServer::Serve(int socket) const {
  const auto head = ReadHead(socket, listener_);
  if (!head) return;
  const std::vector<std::string> lines = absl::StrSplit(*head, "\r\n");
  const std::vector<std::string> words = absl::StrSplit(lines.front(), ' ');
  if (words.size() != 3 || words[0] != "GET" || !words[1].starts_with('/')) {
    return Send(socket, listener_, {.status = 400, .body = "only GET is served\n"});
  }
  const std::pair<std::string, std::string> target =
      absl::StrSplit(words[1], absl::MaxSplits('?', 1));
  Send(socket, listener_,
       handler_({.path = target.first,
                 .query = target.second,
                 .is_local = IsLocalClient(socket) && IsLocalName(HostOf(lines))}));
}

}  // namespace dataservice
