// A certificate authority whose keys and certificates are made at run time.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace dataservice::test {

struct PemPair {
  std::string certificate;
  std::string key;
};

class TestCa {
 public:
  TestCa();

  const std::string& pem() const { return pem_; }
  // A certificate with this common name, and subject alternative names in the form of OpenSSL's
  // configuration ("URI:spiffe://a/b,DNS:c", may be empty), that expires after `seconds`.
  PemPair Issue(const std::string& common_name, const std::string& names,
                long seconds = 3600) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
  std::string pem_;
};

}  // namespace dataservice::test
