// JSON of the bytes of a message: it is refused, or Protobuf reads it as the same message.
#include <google/protobuf/util/json_util.h>

#include "fuzz/fuzz_contract.h"
#include "serve/json/json_writer.h"
#include "types/v1/types.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dataservice::fuzz::TypesContract();  // silences Protobuf's log
  static const dataservice::JsonWriter writer(*types::v1::Sample::descriptor());
  const std::string_view wire(reinterpret_cast<const char*>(data), size);
  std::string json;
  std::string problem;
  if (!writer.Append(wire, nullptr, {}, json, problem)) {
    FUZZ_REQUIRE(!problem.empty());
    return 0;
  }
  types::v1::Sample sent;
  if (!sent.ParseFromArray(data, static_cast<int>(size))) return 0;
  types::v1::Sample read;
  FUZZ_REQUIRE(google::protobuf::util::JsonStringToMessage(json, &read).ok());
  return 0;
}
