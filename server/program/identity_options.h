// The options of the server that say who may connect and who calls.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>

#include "program/options.h"
#include "serve/identity/identity_settings.h"
#include "serve/rpc/server.h"

namespace dataservice {

inline void AddTlsOptions(CLI::App& app, RpcSettings& settings) {
  TlsSettings& tls = settings.tls;
  auto* certificate = app.add_option("--tls_certificate", tls.certificate,
                                     "PEM file of the server's certificate, with the intermediate "
                                     "ones after it: the port serves TLS only. Read again when it "
                                     "changes, as the files of the next two options");
  auto* key = app.add_option("--tls_key", tls.key, "PEM file of its key");
  certificate->needs(key);
  key->needs(certificate);
  auto* ca = app.add_option("--tls_client_ca", tls.client_ca,
                            "PEM file of the CAs that sign client certificates, which clients "
                            "need then")
                 ->needs(certificate);
  app.add_option("--tls_client_certificates", tls.client_certificate_optional,
                 "Whether clients need a certificate if --tls_client_ca is set: required, optional")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, bool>{{"required", false}, {"optional", true}}))
      ->default_str("required")
      ->needs(ca);
  app.add_flag("--allow_cleartext", settings.allow_cleartext,
               "Serve other machines without TLS, and take keys from http URLs: for networks that "
               "protect their connections");
}

inline void AddIdentityOptions(CLI::App& app, RpcSettings& rpc, IdentitySettings& settings) {
  AddTlsOptions(app, rpc);
  app.add_option(
      "--jwks", settings.keys.jwks,
      "Keys that verify bearer tokens: a JWK Set as file, read again when it changes, or "
      "as URL, fetched in the background");
  app.add_option("--jwks_ca", settings.keys.jwks_ca,
                 "PEM file of the CAs of an https URL. Default: those of the system");
  AddDuration(app, "--jwks_refresh", settings.keys.jwks_refresh,
              "Time between two fetches of the URL; a token with an unknown key is a reason to "
              "fetch it earlier",
              absl::Seconds(10), absl::Hours(24));
  app.add_option("--jwt_issuer", settings.tokens.issuer, "The claim iss of every token");
  app.add_option("--jwt_audience", settings.tokens.audiences,
                 "Names of this service, comma separated: the claim aud of a token has one of them")
      ->delimiter(',');
  AddDuration(app, "--jwt_clock_skew", settings.tokens.clock_skew,
              "By how much the clocks of issuer and server may differ", absl::ZeroDuration(),
              absl::Minutes(10));
  app.add_option("--trusted_forwarder", settings.trusted_forwarders,
                 "Certificate identities of gateways, comma separated, with * for any characters: "
                 "the caller is the subject of the token that such a peer passes")
      ->delimiter(',');
  app.add_option_function<bool>(
         "--require_identity",
         [&settings](const bool& required) { settings.require_identity = required; },
         "Whether calls without an identity are refused: true, false. Default: true if "
         "--tls_client_ca or --jwks is set")
      ->default_str("");
}

}  // namespace dataservice
