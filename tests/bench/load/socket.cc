#include "socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

constexpr unsigned char kHttp2[] = "\x02h2";

std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> NewContext(const TlsFiles& files) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                            SSL_CTX_free);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof kHttp2 - 1);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const bool loaded =
      SSL_CTX_load_verify_file(context.get(), files.ca.c_str()) == 1 &&
      SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) == 1;
  if (!loaded) throw std::runtime_error("cannot read the PEM files of TLS");
  return context;
}

}  // namespace

Socket::Socket(const std::string& host, int port, const TlsFiles& tls) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1 ||
      connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error("cannot connect to " + host + ":" + std::to_string(port) + ": " +
                             std::strerror(errno));
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (!tls.ca.empty()) Handshake(tls);
  fcntl(socket_, F_SETFL, O_NONBLOCK);
}

Socket::~Socket() { close(socket_); }

void Socket::Handshake(const TlsFiles& tls) {
  tls_.reset(SSL_new(NewContext(tls).get()));
  SSL_set_fd(tls_.get(), socket_);
  if (SSL_connect(tls_.get()) != 1) throw std::runtime_error("the TLS handshake failed");
}

ssize_t Socket::Read(char* bytes, size_t size) {
  if (tls_) return ResultOf(SSL_read(tls_.get(), bytes, static_cast<int>(size)));
  const ssize_t n = recv(socket_, bytes, size, 0);
  if (n > 0) return n;
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : -1;
}

ssize_t Socket::Write(const char* bytes, size_t size) {
  if (tls_) return ResultOf(SSL_write(tls_.get(), bytes, static_cast<int>(size)));
  const ssize_t n = send(socket_, bytes, size, MSG_NOSIGNAL);
  if (n >= 0) return n;
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
}

ssize_t Socket::ResultOf(int returned) const {
  if (returned > 0) return returned;
  const int error = SSL_get_error(tls_.get(), returned);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

}  // namespace bench
