#include "dataservice/client/channel.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

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

// Returns the text of a file; empty for no file.
absl::StatusOr<std::string> Read(const std::string& path) {
  if (path.empty()) return path;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::InvalidArgumentError(absl::StrCat("TLS: ", path, " cannot be read, or is empty"));
  }
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOfTls(const Tls& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError(
        "TLS: a client certificate needs both of its files, certificate and key");
  }
  grpc::SslCredentialsOptions options;
  const std::pair<const std::string*, std::string*> files[] = {
      {&tls.ca, &options.pem_root_certs},
      {&tls.certificate, &options.pem_cert_chain},
      {&tls.key, &options.pem_private_key}};
  for (const auto& [path, text] : files) {
    absl::StatusOr<std::string> read = Read(*path);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
    if (!text->empty() && !absl::StrContains(*text, "-----BEGIN ")) {
      return absl::InvalidArgumentError(absl::StrCat("TLS: ", *path, " has nothing in PEM"));
    }
  }
  return grpc::SslCredentials(options);
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
