#include "transport.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "serve/rpc/test_ca.h"
#include "temp_folder.h"

namespace dataservice::test {
namespace {

// The authority, and the server's files, which exist as long as the process.
class Certificates {
 public:
  Certificates() {
    const PemPair server = ca_.Issue("server", "IP:127.0.0.1");
    Write("server.crt", server.certificate);
    Write("server.key", server.key);
    Write("ca.crt", ca_.pem());
  }

  static const Certificates& Get() {
    static const Certificates certificates;
    return certificates;
  }

  TlsSettings server() const {
    return {.certificate = folder_ / "server.crt",
            .key = folder_ / "server.key",
            .client_ca = folder_ / "ca.crt"};
  }

  std::shared_ptr<grpc::ChannelCredentials> client() const {
    const PemPair pair = ca_.Issue("client", "URI:spiffe://test/client");
    return grpc::SslCredentials({ca_.pem(), pair.key, pair.certificate});
  }

 private:
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  const TestCa ca_;
  const TempFolder folder_;
};

bool IsSecure() {
  static const bool is_secure = std::getenv("TEST_TLS") != nullptr;
  return is_secure;
}

}  // namespace

void SecureServer(RpcSettings& settings) {
  if (IsSecure()) settings.tls = Certificates::Get().server();
}

std::shared_ptr<grpc::ChannelCredentials> ClientCredentials() {
  return IsSecure() ? Certificates::Get().client() : grpc::InsecureChannelCredentials();
}

}  // namespace dataservice::test
