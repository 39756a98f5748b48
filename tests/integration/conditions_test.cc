// If-Match and If-None-Match as metadata (RFC 9110, 13).
#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using types::v1::Sample;

class ConditionsTest : public EngineTest {};

TEST_F(ConditionsTest, IfMatchTakesAListAndNoEmptyValue) {
  types::v1::CreateSampleRequest creation;
  creation.mutable_sample();
  Sample row;
  ASSERT_TRUE(engine_.Call("SampleService/CreateSample", creation, row).ok());
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(row.id());
  request.mutable_update_mask()->add_paths("i32");
  const auto update = [&](const char* name, const std::string& value) {
    request.mutable_sample()->set_i32(request.sample().i32() + 1);
    Sample changed;
    const auto status =
        engine_.Call("SampleService/UpdateSample", request, changed, 10000, {{name, value}});
    if (status.ok()) row = changed;
    return status.error_code();
  };
  EXPECT_EQ(update("if-match", "\"0\", \"" + row.etag() + "\", W/\"x\""), grpc::StatusCode::OK);
  EXPECT_EQ(update("if-match", "\"" + row.etag() + "\",\"" + row.etag() + "\""),
            grpc::StatusCode::OK);
  EXPECT_EQ(update("if-match", "\"0\", \"1\""), grpc::StatusCode::ABORTED);
  EXPECT_EQ(update("if-match", "W/\"" + row.etag() + "\""), grpc::StatusCode::ABORTED);
  EXPECT_EQ(update("if-match", ""), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(update("if-none-match", ""), grpc::StatusCode::INVALID_ARGUMENT);
  types::v1::DeleteSampleRequest deletion;
  deletion.set_id(row.id());
  google::protobuf::Empty empty;
  const auto remove = [&](const std::string& value) {
    return engine_.Call("SampleService/DeleteSample", deletion, empty, 10000, {{"if-match", value}})
        .error_code();
  };
  EXPECT_EQ(remove(""), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(remove("\"0\",\"1\""), grpc::StatusCode::ABORTED);
  EXPECT_EQ(remove("\"0\", \"" + row.etag() + "\""), grpc::StatusCode::OK);
}

}  // namespace
}  // namespace dataservice::test
