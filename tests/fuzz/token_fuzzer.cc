// Page tokens: only a text that this key signed for this scope is accepted. A position that is
// decoded is the one that was encoded.
#include "fuzz/fuzz_contract.h"
#include "serve/request/page_token.h"
#include "serve/values/position.h"

using dataservice::fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const dataservice::PageTokenSigner signer("a key");
  Input input(data, size);
  const std::string_view scope = input.Text();
  const std::string_view token = input.Rest();
  if (const auto position = signer.Verify(scope, token)) {
    FUZZ_REQUIRE(signer.Sign(scope, *position) == token);
  }
  dataservice::Position position;
  if (dataservice::DecodePosition(token, position)) {
    FUZZ_REQUIRE(dataservice::EncodePosition(position) == token);
  }
  return 0;
}
