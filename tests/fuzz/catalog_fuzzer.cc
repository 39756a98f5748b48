// Comments of a database's catalog, which anybody may have edited.
#include "absl/strings/str_split.h"
#include "fuzz/fuzz_contract.h"
#include "schema/model/identity.h"
#include "schema/model/stored_check.h"

using dataservice::fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace schema = dataservice::schema;
  Input input(data, size);
  const std::string columns(input.Text());
  const std::string_view comment = input.Rest();
  schema::ReadStoredCheck(comment, absl::StrSplit(columns, ','));
  if (const auto own = schema::OwnText(comment)) FUZZ_REQUIRE(schema::OwnComment(*own) == comment);
  if (const auto identity = schema::IdentityOfColumn(comment)) {
    schema::LostNames(identity->json, {});
  }
  return 0;
}
