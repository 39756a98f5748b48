#include "serve/identity/identity_settings.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "serve/identity/http_fetch.h"
#include "serve/identity/verifying_authenticator.h"

namespace dataservice {
namespace {

// Whether keys from this URL could be replaced on their way.
bool IsOpenToTampering(const std::string& jwks) {
  if (!IsHttpUrl(jwks) || absl::StartsWithIgnoreCase(jwks, "https:")) return false;
  const absl::string_view rest = absl::string_view(jwks).substr(sizeof "http://" - 1);
  const absl::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  for (const char* local : {"127.0.0.1", "localhost", "[::1]"}) {
    absl::string_view port = host;
    if (absl::ConsumePrefix(&port, local) && (port.empty() || port.front() == ':') &&
        port.find('@') == absl::string_view::npos) {
      return false;
    }
  }
  return true;
}

absl::Status Check(const IdentitySettings& settings, bool certificates, bool allow_cleartext) {
  const bool tokens = !settings.keys.jwks.empty();
  if (tokens && (settings.tokens.issuer.empty() || settings.tokens.audiences.empty())) {
    return absl::InvalidArgumentError(
        "--jwks: needs --jwt_issuer and --jwt_audience; without them the tokens that the issuer "
        "made for other services would be valid here");
  }
  if (!tokens && (!settings.tokens.issuer.empty() || !settings.tokens.audiences.empty())) {
    return absl::InvalidArgumentError("--jwt_issuer and --jwt_audience: need --jwks");
  }
  if (IsOpenToTampering(settings.keys.jwks) && !allow_cleartext) {
    return absl::InvalidArgumentError(
        "--jwks: keys from an http URL can be replaced on their way; use https, or set "
        "--allow_cleartext");
  }
  if (!settings.trusted_forwarders.empty() && !certificates) {
    return absl::InvalidArgumentError(
        "--trusted_forwarder: needs --tls_client_ca, because a forwarder is known by its "
        "certificate");
  }
  if (settings.require_identity.value_or(false) && !tokens && !certificates) {
    return absl::InvalidArgumentError(
        "--require_identity: no caller could have an identity; set --tls_client_ca or --jwks");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const IdentitySettings& settings,
                                                                 bool certificates,
                                                                 bool allow_cleartext) {
  absl::Status status = Check(settings, certificates, allow_cleartext);
  if (!status.ok()) return status;
  const bool tokens = !settings.keys.jwks.empty();
  if (!tokens && !certificates) return std::unique_ptr<Authenticator>();
  std::unique_ptr<TokenVerifier> verifier;
  if (tokens) {
    auto keys = OpenKeySource(settings.keys);
    if (!keys.ok()) return keys.status();
    verifier = std::make_unique<TokenVerifier>(settings.tokens, *std::move(keys));
  }
  return std::make_unique<VerifyingAuthenticator>(std::move(verifier), settings.trusted_forwarders,
                                                  settings.require_identity.value_or(true));
}

}  // namespace dataservice
