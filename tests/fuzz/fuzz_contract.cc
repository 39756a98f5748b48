#include "fuzz/fuzz_contract.h"

#include <google/protobuf/stubs/logging.h>

#include <cstdio>
#include <cstdlib>

#include "types/v1/types.pb.h"

namespace dataservice::fuzz {

void Fail(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  std::abort();
}

const Contract& TypesContract() {
  static const Contract& contract = []() -> const Contract& {
    // Protobuf's parsers log each text that is not UTF-8.
    google::protobuf::SetLogHandler(nullptr);
    auto built = Contract::BuildFromGeneratedPool("types/v1/types.proto");
    FUZZ_REQUIRE(built.ok());
    return *built->release();
  }();
  return contract;
}

const Resource& SampleResource() {
  return *TypesContract().FindResource(types::v1::Sample::descriptor());
}

}  // namespace dataservice::fuzz
