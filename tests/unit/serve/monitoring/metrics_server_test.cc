#include "serve/monitoring/metrics_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dataservice::test {
namespace {

using testing::EndsWith;
using testing::StartsWith;

class MetricsServerTest : public testing::Test {
 protected:
  // Which receives no more than `buffer` bytes that nobody reads, if that is given.
  int Connect(int buffer = 0) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (buffer > 0) setsockopt(client, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(server_->port())};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return client;
  }

  std::string Send(const std::string& request) {
    const int client = Connect();
    send(client, request.data(), request.size(), MSG_NOSIGNAL);
    std::string response;
    char part[1000];
    for (ssize_t n; (n = recv(client, part, sizeof part, 0)) > 0;) {
      response.append(part, static_cast<size_t>(n));
    }
    close(client);
    return response;
  }

  std::string Get(const std::string& host, const std::string& target = "/a?b=c") {
    return Send(absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: ", host, "\r\n\r\n"));
  }

  // How long the server takes to answer.
  std::chrono::duration<double> Answer() {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(Get("localhost"), StartsWith("HTTP/1.1 200 OK\r\n"));
    return std::chrono::steady_clock::now() - begin;
  }

  std::unique_ptr<MetricsServer> server_ =
      *MetricsServer::Start("127.0.0.1:0", [](const HttpRequest& request) {
        if (request.path == "/large") return HttpResponse{.body = std::string(16 << 20, 'x')};
        return HttpResponse{.body = absl::StrCat(request.path, " ", request.query, " ",
                                                 request.is_local ? "local" : "other")};
      });
};

TEST_F(MetricsServerTest, Responds) {
  EXPECT_THAT(Get("localhost"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(Get("localhost"), EndsWith("\r\n\r\n/a b=c local"));
}

// A page in a browser of the machine may have a name that resolves to it.
TEST_F(MetricsServerTest, OnlyNamesOfThisMachineAreLocal) {
  for (const char* host : {"localhost:80", "127.0.0.1", "127.0.0.1:9465", "[::1]", "[::1]:9465"}) {
    EXPECT_THAT(Get(host), EndsWith("local")) << host;
  }
  for (const char* host :
       {"", "example.com", "127.0.0.1.example.com", "localhost.example.com:80"}) {
    EXPECT_THAT(Get(host), EndsWith("other")) << host;
  }
}

TEST_F(MetricsServerTest, RefusesWhatIsNoGet) {
  for (const char* line : {"POST / HTTP/1.1", "GET", "", "GET x HTTP/1.1", "GET / HTTP/1.1 x"}) {
    EXPECT_THAT(Send(absl::StrCat(line, "\r\n\r\n")), StartsWith("HTTP/1.1 400")) << line;
  }
  EXPECT_EQ(Send(std::string(10'000, 'x')), "");
}

TEST_F(MetricsServerTest, ASilentClientDoesNotHoldUpOthers) {
  const int silent = Connect();
  EXPECT_THAT(Get("localhost"), StartsWith("HTTP/1.1 200 OK\r\n"));
  close(silent);
}

// Each of them alone has two seconds.
TEST_F(MetricsServerTest, ManySilentClientsDoNotHoldUpOthers) {
  std::vector<int> silent;
  for (int i = 0; i < 40; ++i) silent.push_back(Connect());
  EXPECT_LT(Answer(), std::chrono::seconds(5));
  for (const int client : silent) close(client);
}

TEST_F(MetricsServerTest, AnswersThatNobodyReceivesDoNotHoldUpOthers) {
  const std::string request = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::vector<int> silent;
  for (int i = 0; i < 8; ++i) {
    silent.push_back(Connect(4096));
    send(silent.back(), request.data(), request.size(), MSG_NOSIGNAL);
  }
  EXPECT_LT(Answer(), std::chrono::seconds(5));
  for (const int client : silent) close(client);
}

TEST_F(MetricsServerTest, ASlowClientIsServedWhileNoOtherWaits) {
  const int slow = Connect();
  for (const std::string_view part : {"GET /a?b=c HTTP/1.1\r\n", "Host: localhost\r\n", "\r\n"}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    send(slow, part.data(), part.size(), MSG_NOSIGNAL);
  }
  char status[15];
  EXPECT_EQ(recv(slow, status, sizeof status, MSG_WAITALL), 15);
  EXPECT_EQ(std::string_view(status, 15), "HTTP/1.1 200 OK");
  close(slow);
}

}  // namespace
}  // namespace dataservice::test
