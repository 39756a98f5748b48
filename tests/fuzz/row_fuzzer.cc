// Values as PostgreSQL's results have them: a text is refused, or becomes a field of the
// resource's message.
#include "contract/rules/utf8.h"
#include "fuzz/fuzz_contract.h"
#include "postgres/literals.h"
#include "postgres/time_text.h"
#include "serve/values/decode.h"
#include "types/v1/types.pb.h"

namespace {

using dataservice::fuzz::Input;

void ReadArrays(std::string_view text) {
  std::string element;
  dataservice::ArrayReader reader(text);
  while (reader.Next(element)) {
  }
  dataservice::BinaryArrayReader binary(text);
  while (binary.Next(element)) {
  }
}

void ReadTimes(std::string_view text) {
  dataservice::Instant time;
  if (dataservice::ParseTimestamp(text, time)) {
    FUZZ_REQUIRE(dataservice::IsValidTimestamp(time));
  }
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (dataservice::ParseInterval(text, seconds, nanos)) {
    FUZZ_REQUIRE(dataservice::IsValidDuration(seconds, nanos));
  }
  int year = 0;
  int month = 0;
  int day = 0;
  if (dataservice::ParseDate(text, year, month, day)) {
    std::string written;
    FUZZ_REQUIRE(dataservice::AppendDate(year, month, day, written));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const auto& columns = dataservice::fuzz::SampleResource().columns;
  const dataservice::Column& column = columns[input.Choose(columns.size())];
  const std::string_view text = input.Rest();
  // PostgreSQL's results are UTF-8: the tool refuses databases of another encoding.
  if (!dataservice::rules::IsUtf8(text)) return 0;
  std::string bytes;
  if (dataservice::WriteField(column, text, types::v1::Sample::default_instance(), {}, bytes)) {
    types::v1::Sample sample;
    FUZZ_REQUIRE(sample.ParseFromString(bytes));
    FUZZ_REQUIRE(sample.GetReflection()->GetUnknownFields(sample).empty());
  }
  if (!column.array) dataservice::InputText(column, text);
  ReadArrays(text);
  ReadTimes(text);
  return 0;
}
