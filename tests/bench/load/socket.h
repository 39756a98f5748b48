// The bytes of a connection: in clear, or by TLS with the certificate of a client.
#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

namespace bench {

// PEM files. Without a CA there is no TLS.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;
};

// Belongs to one thread.
class Socket {
 public:
  // Connects and finishes the handshake; throws std::runtime_error if it cannot. `host` is an IPv4
  // address.
  Socket(const std::string& host, int port, const TlsFiles& tls);
  ~Socket();
  Socket(const Socket&) = delete;

  int descriptor() const { return socket_; }

  // Each returns the number of bytes, 0 if it would block, and -1 if the connection is over.
  ssize_t Read(char* bytes, size_t size);
  ssize_t Write(const char* bytes, size_t size);

 private:
  void Handshake(const TlsFiles& tls);
  ssize_t ResultOf(int returned) const;

  int socket_ = -1;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
};

}  // namespace bench
