#include "dataservice/client/channel.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace dataservice::client {
namespace {

// The server permits a ping each second, also without a call.
constexpr int kPingAfterMs = 20'000;
constexpr int kPingTimeoutMs = 10'000;
constexpr int kFirstReconnectMs = 100;
constexpr int kLongestReconnectMs = 5'000;
// Messages of the server are smaller than 4 MiB, the default, except for single rows.
constexpr int kLargestMessage = 64 << 20;

// How often the files of TLS are read again.
constexpr unsigned kReadAgainSeconds = 1;

// Returns whether a file can be used; OK for no file.
absl::Status Check(const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::InvalidArgumentError(absl::StrCat("TLS: ", path, " cannot be read, or is empty"));
  }
  if (!absl::StrContains(text.str(), "-----BEGIN ")) {
    return absl::InvalidArgumentError(absl::StrCat("TLS: ", path, " has nothing in PEM"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOfTls(const Tls& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError(
        "TLS: a client certificate needs both of its files, certificate and key");
  }
  for (const std::string* path : {&tls.ca, &tls.certificate, &tls.key}) {
    if (absl::Status usable = Check(*path); !usable.ok()) return usable;
  }
  if (tls.ca.empty() && tls.certificate.empty()) return grpc::SslCredentials({});
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          tls.key, tls.certificate, tls.ca, kReadAgainSeconds));
  if (!tls.ca.empty()) options.watch_root_certs();
  if (!tls.certificate.empty()) options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOfChannel(
    const ConnectOptions& options, std::shared_ptr<Tokens> tokens) {
  if (options.cleartext) {
    if (tokens == nullptr) return grpc::InsecureChannelCredentials();
    return absl::InvalidArgumentError(
        "a token needs TLS: in cleartext everybody on the way could use it");
  }
  auto credentials = CredentialsOfTls(options.tls);
  if (!credentials.ok() || tokens == nullptr) return credentials;
  return grpc::CompositeChannelCredentials(*credentials, CredentialsOf(std::move(tokens)));
}

}  // namespace

grpc::ChannelArguments ChannelArgumentsOf(const std::string& service_config, bool retry) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(service_config);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, retry ? 1 : 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingAfterMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingTimeoutMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  // The time that a connection may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  return arguments;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& target,
                                                           const ConnectOptions& options,
                                                           std::shared_ptr<Tokens> tokens,
                                                           const std::string& service_config,
                                                           const std::string& user_agent) {
  auto credentials = CredentialsOfChannel(options, std::move(tokens));
  if (!credentials.ok()) return credentials.status();
  // Attempts repeats calls, and honours RetryInfo.
  grpc::ChannelArguments arguments = ChannelArgumentsOf(service_config, /*retry=*/false);
  arguments.SetUserAgentPrefix(user_agent);
  if (!options.tls.server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.tls.server_name);
  }
  if (options.channel_arguments) options.channel_arguments(arguments);
  return grpc::CreateCustomChannel(target, *credentials, arguments);
}

}  // namespace dataservice::client
