#include "serve/rpc/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"

namespace dataservice {
namespace {

grpc_ssl_client_certificate_request_type RequestOf(const TlsSettings& settings) {
  if (settings.client_ca.empty()) return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
  return settings.client_certificate_optional
             ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
             : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
}

// gRPC's C library asks for new files before each handshake; its C++ library has no class for it.
// FileWatcherCertificateProvider of gRPC 1.51 would also take a key that is not that of the
// certificate, and fail handshakes until the second file is replaced.
class ReloadingCredentials final : public grpc::ServerCredentials {
 public:
  ReloadingCredentials(const TlsSettings& settings, std::unique_ptr<TlsFiles> files)
      : files_(std::move(files)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(RequestOf(settings),
                                                                            Fetch, this))) {}
  ~ReloadingCredentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // gRPC calls it with a lock held, and keeps the last files for UNCHANGED.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    auto& credentials = *static_cast<ReloadingCredentials*>(self);
    auto material = credentials.files_->Current();
    if (material == credentials.in_use_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{material->key.c_str(), material->certificate.c_str()};
    // gRPC 1.51 aborts without CAs. Those of a server that asks for no client certificate verify
    // nothing, so any certificate will do.
    const std::string& client_ca =
        material->client_ca.empty() ? material->certificate : material->client_ca;
    *config = grpc_ssl_server_certificate_config_create(client_ca.c_str(), &pair, 1);
    credentials.in_use_ = std::move(material);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::unique_ptr<TlsFiles> files_;
  grpc_server_credentials* const credentials_;
  std::shared_ptr<const TlsMaterial> in_use_;
};

bool IsName(grpc::string_ref text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
}

std::string NameIn(const std::vector<grpc::string_ref>& values) {
  if (values.empty() || !IsName(values.front())) return {};
  return {values.front().data(), values.front().size()};
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    const TlsSettings& settings) {
  auto files = TlsFiles::Open(settings);
  if (!files.ok()) return files.status();
  return std::make_shared<ReloadingCredentials>(settings, *std::move(files));
}

// A certificate with several URIs is ambiguous: an X.509-SVID has exactly one.
Peer PeerOf(const grpc::AuthContext& connection) {
  Peer peer;
  peer.has_certificate = !connection.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME).empty();
  if (!peer.has_certificate) return peer;
  const auto uris = connection.FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME);
  const auto names = connection.FindPropertyValues(GRPC_PEER_DNS_PROPERTY_NAME);
  if (!uris.empty()) {
    if (uris.size() == 1) peer.identity = NameIn(uris);
  } else if (!names.empty()) {
    peer.identity = NameIn(names);
  } else {
    peer.identity = NameIn(connection.FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME));
  }
  return peer;
}

}  // namespace dataservice
