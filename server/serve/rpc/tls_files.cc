#include "serve/rpc/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "log.h"

namespace dataservice {
namespace {

using OwnedBio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using OwnedCertificate = std::unique_ptr<X509, decltype(&X509_free)>;
using OwnedKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

OwnedBio Reading(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

// A key that needs a passphrase is refused instead of asking for one on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

OwnedCertificate FirstCertificate(const std::string& pem) {
  const OwnedBio bio = Reading(pem);
  return {PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr), X509_free};
}

absl::Status Check(const TlsMaterial& material, bool with_client_ca) {
  const OwnedCertificate certificate = FirstCertificate(material.certificate);
  const OwnedBio bio = Reading(material.key);
  const OwnedKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr),
                     EVP_PKEY_free);
  const bool fits = certificate != nullptr && key != nullptr &&
                    X509_check_private_key(certificate.get(), key.get()) == 1;
  const bool has_ca = !with_client_ca || FirstCertificate(material.client_ca) != nullptr;
  ERR_clear_error();
  if (certificate == nullptr) {
    return absl::InvalidArgumentError("--tls_certificate has no PEM certificate");
  }
  if (key == nullptr) {
    return absl::InvalidArgumentError("--tls_key has no PEM private key without a passphrase");
  }
  if (!fits) {
    return absl::InvalidArgumentError("--tls_key is not the key of --tls_certificate");
  }
  if (!has_ca) return absl::InvalidArgumentError("--tls_client_ca has no PEM certificate");
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    LogWarning("tls_certificate_expired", {{"advice", "clients refuse it; replace the files"}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(const TlsSettings& settings,
                                                         absl::Duration period) {
  std::unique_ptr<TlsFiles> files(new TlsFiles());
  std::vector<std::string> paths = {settings.certificate, settings.key};
  const bool with_client_ca = !settings.client_ca.empty();
  if (with_client_ca) paths.push_back(settings.client_ca);
  const auto accept = [files = files.get(), with_client_ca](const auto& contents) {
    TlsMaterial material{contents[0], contents[1], with_client_ca ? contents[2] : ""};
    absl::Status status = Check(material, with_client_ca);
    if (status.ok()) files->Take(std::move(material));
    return status;
  };
  auto watch = FileWatch::Start(std::move(paths), accept, period);
  if (!watch.ok()) return watch.status();
  files->watch_ = *std::move(watch);
  return files;
}

void TlsFiles::Take(TlsMaterial material) {
  absl::MutexLock lock(&mutex_);
  current_ = std::make_shared<const TlsMaterial>(std::move(material));
}

std::shared_ptr<const TlsMaterial> TlsFiles::Current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

}  // namespace dataservice
