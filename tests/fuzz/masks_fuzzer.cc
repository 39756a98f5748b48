// Field masks of reads and of updates, and the order of a list.
#include <google/protobuf/field_mask.pb.h>

#include "absl/strings/str_split.h"
#include "fuzz/fuzz_contract.h"
#include "serve/request/order_by.h"
#include "serve/request/read_mask.h"
#include "serve/request/update_mask.h"
#include "types/v1/types.pb.h"

using dataservice::fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto& resource = dataservice::fuzz::SampleResource();
  const auto columns = static_cast<int>(resource.columns.size());

  dataservice::Violations of_order;
  for (const auto& term : dataservice::ParseOrderBy(input.Text(), resource, "order_by", of_order)) {
    FUZZ_REQUIRE(term.column >= 0 && term.column < columns);
  }

  google::protobuf::FieldMask mask;
  const std::string paths(input.Text());
  for (const absl::string_view path : absl::StrSplit(paths, ',')) {
    mask.add_paths(std::string(path));
  }
  dataservice::Violations of_read;
  dataservice::ParseReadMask(mask, resource, {}, "read_mask", of_read);

  types::v1::Sample row;
  if (!row.ParseFromArray(input.Rest().data(), static_cast<int>(input.Rest().size()))) row.Clear();
  dataservice::Violations of_update;
  const auto fields = dataservice::FieldsOfMask(resource, mask, row, "update_mask", of_update);
  for (const int column : fields.columns) FUZZ_REQUIRE(column >= 0 && column < columns);
  for (const auto& [column, change] : fields.changes) {
    FUZZ_REQUIRE(column >= 0 && column < columns);
    std::string text;
    change.AppendTo("{}", text);
    FUZZ_REQUIRE(!text.empty());
  }
  return 0;
}
