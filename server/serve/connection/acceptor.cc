#include "serve/connection/acceptor.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "engine_limits.h"
#include "log.h"
#include "serve/connection/watched_sockets.h"

namespace dataservice {
namespace {

constexpr int kPeriodMilliseconds = 1000;

// Then it looks which connections are closed.
constexpr int kAcceptedAtOnce = 64;

// More than any process has.
constexpr rlim_t kMostDescriptors = 1 << 30;

// After an error of accept() that a new attempt would meet again.
constexpr std::chrono::milliseconds kPause{10};

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

int MostConnections(const ConnectionLimits& limits) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  getrlimit(RLIMIT_NOFILE, &descriptors);
  const int left =
      static_cast<int>(std::min<rlim_t>(descriptors.rlim_cur, kMostDescriptors)) - kOwnDescriptors;
  const int permitted = std::max(left / kDescriptorsOfConnection, 1);
  if (permitted < limits.max_connections) {
    LogWarning("few_file_descriptors", {{"max_connections", std::to_string(limits.max_connections)},
                                        {"permitted", std::to_string(permitted)}});
  }
  return std::min(permitted, limits.max_connections);
}

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(Listener listener,
                                                          ClientConnections& connections,
                                                          Serve serve) {
  std::unique_ptr<Acceptor> acceptor(
      new Acceptor(std::move(listener), connections, std::move(serve)));
  absl::Status status = acceptor->Prepare();
  if (!status.ok()) return status;
  acceptor->thread_ = std::thread([raw = acceptor.get()] { raw->Run(); });
  return acceptor;
}

Acceptor::Acceptor(Listener listener, ClientConnections& connections, Serve serve)
    : listener_(std::move(listener)), connections_(connections), serve_(std::move(serve)) {}

absl::Status Acceptor::Prepare() {
  epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  wake_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  spare_ = OpenSpare();
  bool ready = spare_.exists() && Watch(wake_.get(), EPOLLIN);
  for (const Descriptor& socket : listener_.sockets()) ready &= Watch(socket.get(), EPOLLIN);
  return ready ? absl::OkStatus() : absl::InternalError("no file descriptors are left");
}

Acceptor::~Acceptor() {
  stopping_ = true;
  eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  for (const auto& [descriptor, open] : open_) connections_.Remove(*open.connection);
}

void Acceptor::StopAccepting() {
  accepting_ = false;
  for (const Descriptor& socket : listener_.sockets()) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket.get(), nullptr);
    shutdown(socket.get(), SHUT_RDWR);
  }
}

bool Acceptor::Watch(int descriptor, uint32_t events) {
  epoll_event event{.events = events, .data = {.fd = descriptor}};
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Acceptor::Run() {
  std::array<epoll_event, 64> events;
  while (!stopping_) {
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), kPeriodMilliseconds);
    // What is closed makes room for what is accepted.
    for (int i = 0; i < count; ++i) HandleEvent(events[i].data.fd);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[i].data.fd;
      const auto& sockets = listener_.sockets();
      const bool listens = std::any_of(sockets.begin(), sockets.end(), [&](const Descriptor& one) {
        return one.get() == descriptor;
      });
      if (listens) AcceptAll(descriptor);
    }
    if (forget_.IsDue()) connections_.Forget();
  }
}

// gRPC shuts a socket down before it closes it, which both descriptors report.
void Acceptor::HandleEvent(int descriptor) {
  const auto found = open_.find(descriptor);
  if (found == open_.end()) return;
  found->second.connection->epoll = -1;  // other sockets may have its number
  connections_.Remove(*found->second.connection);
  open_.erase(found);
}

void Acceptor::AcceptAll(int listener) {
  for (int i = 0; i < kAcceptedAtOnce && accepting_; ++i) {
    Descriptor socket(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.exists()) {
      Admit(std::move(socket));
    } else if (errno == EMFILE || errno == ENFILE) {
      return RefuseOne(listener);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      std::this_thread::sleep_for(kPause);
      return;
    }
  }
}

void Acceptor::Admit(Descriptor socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getpeername(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  Descriptor own(fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
  if (!own.exists()) {
    connections_.CountRefused();
    return Report("there are no file descriptors");
  }
  auto connection = connections_.Add(address);
  if (connection == nullptr) return Report("there are too many");
  if (address.ss_family != AF_UNIX) {
    SetOption(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    // A client that is gone, or whose window stays closed, is one that receives nothing.
    SetOption(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT,
              static_cast<int>(std::chrono::milliseconds(kMaxUnacknowledged).count()));
  }
  WatchSocket(socket.get(), connection);
  const int descriptor = own.get();
  open_[descriptor] = {std::move(own), std::move(connection)};
  Watch(descriptor, 0);  // EPOLLHUP is always reported
  serve_(socket.Take());
}

void Acceptor::RefuseOne(int listener) {
  connections_.CountRefused();
  Report("there are no file descriptors");
  spare_.Close();
  Descriptor refused(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!refused.exists()) std::this_thread::sleep_for(kPause);
  refused.Close();
  spare_ = OpenSpare();
}

void Acceptor::Report(const char* reason) {
  if (report_.IsDue()) LogWarning("connections_refused", {{"reason", reason}});
}

}  // namespace dataservice
