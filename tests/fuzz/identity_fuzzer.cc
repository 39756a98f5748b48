// Tokens, key sets and JSON that a stranger sends or an issuer answers.
#include "fuzz/fuzz_contract.h"
#include "serve/identity/key_set.h"
#include "serve/identity/strict_json.h"
#include "serve/identity/token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dataservice::fuzz::TypesContract();  // silences Protobuf's log
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto bearer = dataservice::BearerToken(text);
  const auto token = dataservice::ParseToken(bearer.ok() ? *bearer : text);
  if (token.ok()) FUZZ_REQUIRE(!token->signed_text.empty());
  if (const auto keys = dataservice::KeySet::Parse(text); keys.ok()) {
    FUZZ_REQUIRE((*keys)->id() != 0);
  }
  dataservice::ParseJsonObject(text).IgnoreError();
  return 0;
}
