#include "serve/identity/http_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace dataservice::test {

HttpServer::HttpServer() {
  socket_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
  listen(socket_, 16);
  getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  Respond("404 Not Found", "");
  thread_ = std::thread([this] { Serve(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  shutdown(socket_, SHUT_RDWR);
  thread_.join();
  close(socket_);
}

std::string HttpServer::url() const { return absl::StrCat("http://127.0.0.1:", port_, "/jwks"); }

void HttpServer::Respond(const std::string& status, const std::string& body) {
  absl::MutexLock lock(&mutex_);
  response_ = absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Length: ", body.size(),
                           "\r\nConnection: close\r\nLocation: /other\r\n\r\n", body);
}

void HttpServer::Serve() {
  while (!stopping_) {
    const int connection = accept(socket_, nullptr, nullptr);
    if (connection < 0) continue;
    ++requests_;
    char request[4096];
    if (!away_ && recv(connection, request, sizeof request, 0) > 0) {
      absl::MutexLock lock(&mutex_);
      for (size_t sent = 0; sent < response_.size();) {
        const ssize_t n =
            send(connection, response_.data() + sent, response_.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<size_t>(n);
      }
    }
    close(connection);
  }
}

}  // namespace dataservice::test
