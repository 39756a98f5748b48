// Responses as JSON (server/serve/request/json_response.h).
#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>

#include <set>

#include "absl/strings/str_split.h"
#include "engine_fixture.h"
#include "random_row.h"
#include "raw_call.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using google::protobuf::Message;
using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class JsonResponseTest : public EngineTest {
 protected:
  // The response to a call that asks for JSON, or "error N". Its values are values_.
  std::string Json(const std::string& method, const Message& request, const std::string& part = "",
                   const std::string& values = "") {
    grpc::ClientContext context;
    context.AddMetadata("response-json", part);
    if (!values.empty()) context.AddMetadata("response-values", values);
    std::string answer;
    const auto status =
        RawCall(engine_, context, "/types.v1." + method, request.SerializeAsString(), &answer);
    values_.clear();
    const auto [first, last] = context.GetServerInitialMetadata().equal_range("response-value-bin");
    for (auto each = first; each != last; ++each) {
      values_.emplace_back(each->second.data(), each->second.size());
    }
    return status.ok() ? answer : "error " + std::to_string(status.error_code());
  }

  types::v1::CreateCounterRequest Counter(int64_t number) {
    types::v1::CreateCounterRequest request;
    request.mutable_counter()->set_number(number);
    request.mutable_counter()->set_value(0.5);
    request.mutable_counter()->set_colour("red");
    return request;
  }

  std::vector<std::string> values_;
};

TEST_F(JsonResponseTest, IsTheMessageInProtoJson) {
  EXPECT_EQ(Json("CounterService/CreateCounter", Counter(7), "", "number,colour"),
            R"({"number":"7","value":0.5,"colour":"red"})");
  EXPECT_THAT(values_, ElementsAre("7", "red"));
  types::v1::GetCounterRequest get;
  get.set_number(7);
  EXPECT_EQ(Json("CounterService/GetCounter", get), R"({"number":"7","value":0.5,"colour":"red"})");
  EXPECT_THAT(values_, IsEmpty());
  EXPECT_EQ(Json("CounterService/GetCounter", get, "value"), "0.5");
  types::v1::DeleteCounterRequest remove;
  remove.set_number(7);
  EXPECT_EQ(Json("CounterService/DeleteCounter", remove), "{}");
  EXPECT_EQ(Json("CounterService/GetCounter", get, "", "number"), "error 5");
}

TEST_F(JsonResponseTest, HasTheFieldsOfTheReadMask) {
  types::v1::CreateSampleRequest create;
  create.mutable_sample()->set_text("\xc3\xa9\"\n");
  types::v1::Sample made;
  ASSERT_TRUE(engine_.Call("SampleService/CreateSample", create, made).ok());
  types::v1::GetSampleRequest get;
  get.set_id(made.id());
  EXPECT_THAT(Json("SampleService/GetSample", get, "", "etag"), HasSubstr(R"("i32":0,)"));
  EXPECT_THAT(values_, ElementsAre(made.etag()));
  get.mutable_read_mask()->add_paths("text");
  get.mutable_read_mask()->add_paths("i32");
  const std::string fields = "{\"i32\":0,\"text\":\"\xc3\xa9\\\"\\n\"}";
  EXPECT_EQ(Json("SampleService/GetSample", get), fields);
  types::v1::ListSamplesRequest list;
  *list.mutable_read_mask() = get.read_mask();
  EXPECT_THAT(Json("SampleService/ListSamples", list), HasSubstr("\"samples\":[" + fields + "]"));
  types::v1::BatchGetSamplesRequest batch;
  batch.add_ids(made.id());
  *batch.mutable_read_mask() = get.read_mask();
  EXPECT_EQ(Json("SampleService/BatchGetSamples", batch), "{\"samples\":[" + fields + "]}");
  EXPECT_EQ(Json("SampleService/BatchGetSamples", batch, "samples"), "[" + fields + "]");
}

// The rows of a list are written without their binary form; those of a batch are made of it.
TEST_F(JsonResponseTest, IsTheSameOfAListAsOfABatch) {
  RandomRow random(20261129);
  std::set<std::string> ids;
  for (int i = 0; i < 101; ++i) {
    types::v1::CreateSampleRequest create;
    random.Fill(*create.mutable_sample(), i);
    for (const char* field : {"id", "order_code", "origin_id", "etag"}) {
      const auto* sample = types::v1::Sample::descriptor();
      create.sample().GetReflection()->ClearField(create.mutable_sample(),
                                                  sample->FindFieldByName(field));
    }
    if (!ids.empty() && random.Chance(30)) create.mutable_sample()->set_origin_id(*ids.begin());
    types::v1::Sample made;
    ASSERT_TRUE(engine_.Call("SampleService/CreateSample", create, made).ok());
    ids.insert(made.id());
  }
  for (const std::string paths :
       {"", "etag", "id", "part.name", "text,etag,taken_time,effort", "numbers,counts,parts,note",
        "part,part.parts,wrapped_text,opt_i32,code,price", "real,precise,weights,update_time"}) {
    types::v1::ListSamplesRequest list;
    list.set_page_size(1000);
    types::v1::BatchGetSamplesRequest batch;
    for (const std::string& id : ids) batch.add_ids(id);
    for (const absl::string_view path : absl::StrSplit(paths, ',', absl::SkipEmpty())) {
      list.mutable_read_mask()->add_paths(std::string(path));
      batch.mutable_read_mask()->add_paths(std::string(path));
    }
    const std::string rows = Json("SampleService/BatchGetSamples", batch, "samples");
    EXPECT_THAT(rows, StartsWith("[{")) << paths;
    EXPECT_EQ(Json("SampleService/ListSamples", list, "samples"), rows) << paths;
    EXPECT_THAT(Json("SampleService/ListSamples", list), StartsWith("{\"samples\":" + rows + ","))
        << paths;
  }
}

TEST_F(JsonResponseTest, IsRejectedForFieldsThatDoNotExist) {
  const types::v1::GetCounterRequest get;
  EXPECT_EQ(Json("CounterService/GetCounter", get, "nothing"), "error 3");
  EXPECT_EQ(Json("CounterService/GetCounter", get, "", "number,nothing"), "error 3");
  EXPECT_EQ(Json("CounterService/GetCounter", get, "", "number."), "error 3");
  EXPECT_EQ(Json("CounterService/GetCounter", get, "", "number,number"), "error 3");
  const types::v1::ListCountersRequest list;
  EXPECT_EQ(Json("CounterService/ListCounters", list, "", "counters"), "error 3");
  EXPECT_EQ(Json("CounterService/ListCounters", list, "counters"), "[]");
}

// The rows of an export, and a row that has no JSON form.
TEST_F(JsonResponseTest, IsEachRowOfAnExport) {
  types::v1::Counter made;
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(engine_.Call("CounterService/CreateCounter", Counter(i), made).ok());
  }
  grpc::ClientContext context;
  context.AddMetadata("response-json", "");
  const auto reader = OpenExport<types::v1::ExportCountersRequest, grpc::ByteBuffer>(
      engine_, "CounterService/ExportCounters", context, {});
  std::vector<std::string> rows;
  for (grpc::ByteBuffer row; reader->Read(&row);) {
    grpc::Slice slice;
    ASSERT_TRUE(row.DumpToSingleSlice(&slice).ok());
    rows.emplace_back(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_THAT(rows, ElementsAre(R"({"number":"1","value":0.5,"colour":"red"})",
                                R"({"number":"2","value":0.5,"colour":"red"})",
                                R"({"number":"3","value":0.5,"colour":"red"})"));
}

}  // namespace
}  // namespace dataservice::test
