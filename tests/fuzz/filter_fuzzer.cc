// Filters: a text is refused, or becomes a condition whose SQL has a parameter for each value.
#include "fuzz/fuzz_contract.h"
#include "serve/filter/filter.h"
#include "serve/sql/condition.h"

using dataservice::fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto& resources = dataservice::fuzz::TypesContract().resources();
  const dataservice::Resource& resource = *resources[input.Choose(resources.size())];
  const auto filter = dataservice::ParseFilter(input.Rest(), resource);
  if (!filter.ok()) {
    FUZZ_REQUIRE(filter.status().code() == absl::StatusCode::kInvalidArgument);
    return 0;
  }
  int next_parameter = 1;
  const std::string sql =
      dataservice::ConditionSql(filter->condition, resource, "t", next_parameter);
  FUZZ_REQUIRE(static_cast<size_t>(next_parameter) == filter->values.size() + 1);
  // A value is never a part of the SQL.
  FUZZ_REQUIRE(sql.find('\0') == std::string::npos);
  return 0;
}
