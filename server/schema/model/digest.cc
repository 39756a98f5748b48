#include "schema/model/digest.h"

#include <openssl/sha.h>

#include "absl/strings/escaping.h"

namespace dataservice::schema {

std::string ShortDigest(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), 4));
}

}  // namespace dataservice::schema
