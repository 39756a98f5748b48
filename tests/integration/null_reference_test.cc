// A deletion that sets references to NULL changes the versions of the rows that have them.
#include <gmock/gmock.h>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Sample;

class NullReferenceTest : public EngineTest {
 protected:
  Sample Create(const std::string& origin_id = "") {
    types::v1::CreateSampleRequest request;
    request.mutable_sample()->set_text("as it was");
    if (!origin_id.empty()) request.mutable_sample()->set_origin_id(origin_id);
    Sample made;
    const auto status = engine_.Call("SampleService/CreateSample", request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }
  Sample Get(const std::string& id, const char* path = nullptr) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    if (path != nullptr) request.mutable_read_mask()->add_paths(path);
    Sample sample;
    const auto status = engine_.Call("SampleService/GetSample", request, sample);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return sample;
  }
  grpc::Status Delete(const std::string& id, const std::string& etag = "") {
    types::v1::DeleteSampleRequest request;
    request.set_id(id);
    request.set_etag(etag);
    google::protobuf::Empty empty;
    return engine_.Call("SampleService/DeleteSample", request, empty);
  }
  grpc::Status BatchDelete(const std::vector<std::string>& ids) {
    types::v1::BatchDeleteSamplesRequest request;
    for (const std::string& id : ids) request.add_requests()->set_id(id);
    google::protobuf::Empty empty;
    return engine_.Call("SampleService/BatchDeleteSamples", request, empty);
  }
  grpc::Status Update(const Sample& seen, Sample& changed) {
    types::v1::UpdateSampleRequest request;
    request.mutable_sample()->set_id(seen.id());
    request.mutable_sample()->set_etag(seen.etag());
    request.mutable_sample()->set_text("written");
    request.mutable_update_mask()->add_paths("text");
    return engine_.Call("SampleService/UpdateSample", request, changed);
  }
  static int64_t Micros(const Sample& sample) {
    return sample.update_time().seconds() * 1000000 + sample.update_time().nanos() / 1000;
  }
  // The row has lost its reference, and what was seen of it before is no version of it.
  Sample ExpectChanged(const Sample& seen) {
    const Sample now = Get(seen.id());
    EXPECT_FALSE(now.has_origin_id());
    EXPECT_GT(now.etag(), seen.etag());
    EXPECT_EQ(Get(seen.id(), "etag").etag(), now.etag());
    Sample changed;
    EXPECT_EQ(Update(seen, changed).error_code(), StatusCode::ABORTED);
    EXPECT_EQ(Delete(seen.id(), seen.etag()).error_code(), StatusCode::ABORTED);
    EXPECT_EQ(Get(seen.id()).text(), "as it was");
    const auto status = Update(now, changed);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_GT(changed.etag(), now.etag());
    return now;
  }
};

TEST_F(NullReferenceTest, ADeletionIsAChangeOfTheRowsThatReferred) {
  const Sample origin = Create();
  const Sample child = Create(origin.id());
  const Sample other = Create(Create().id());
  ASSERT_TRUE(Delete(origin.id()).ok());
  const Sample now = ExpectChanged(child);
  EXPECT_GT(Micros(now), Micros(child));
  EXPECT_EQ(Get(other.id()).etag(), other.etag());
}

TEST_F(NullReferenceTest, SoIsOneByAnotherWriter) {
  const Sample origin = Create();
  const Sample child = Create(origin.id());
  EXPECT_EQ(Sql("DELETE FROM types.sample WHERE id = '" + origin.id() + "'"), "");
  ExpectChanged(child);
}

TEST_F(NullReferenceTest, SoIsOneOfAClaimedRequest) {
  const Sample origin = Create();
  const Sample child = Create(origin.id());
  types::v1::DeleteSampleRequest request;
  request.set_id(origin.id());
  request.set_request_id("once");
  google::protobuf::Empty empty;
  ASSERT_TRUE(engine_.Call("SampleService/DeleteSample", request, empty).ok());
  ExpectChanged(child);
}

TEST_F(NullReferenceTest, ABatchDeletesRowsThatReferToEachOther) {
  const Sample a = Create();
  const Sample b = Create(a.id());
  const Sample c = Create(b.id());
  const auto status = BatchDelete({a.id(), b.id()});
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "1");
  ExpectChanged(c);
}

TEST_F(NullReferenceTest, ARowThatRefersToItselfIsDeleted) {
  const Sample a = Create();
  Sql("UPDATE types.sample SET origin_id = id");
  EXPECT_TRUE(Delete(a.id()).ok());
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "0");
}

TEST_F(NullReferenceTest, ADeletionThatIsRefusedChangesNothing) {
  const Sample origin = Create();
  const Sample child = Create(origin.id());
  EXPECT_EQ(Delete(origin.id(), child.etag()).error_code(), StatusCode::ABORTED);
  EXPECT_EQ(Get(child.id()).etag(), child.etag());
}

// Where the clock stands still, or goes back, versions grow all the same.
TEST_F(NullReferenceTest, NoVersionComesTwice) {
  const Sample origin = Create();
  const Sample made = Create(origin.id());
  Sql("UPDATE types.sample SET update_time = '2100-01-01 00:00:00+00'");
  const Sample first = Get(made.id());
  Sql("DELETE FROM types.sample WHERE id = '" + origin.id() + "'");
  const Sample second = Get(made.id());
  EXPECT_GT(second.etag(), first.etag());
  Sample third;
  ASSERT_TRUE(Update(second, third).ok());
  EXPECT_GT(third.etag(), second.etag());
  Sample fourth;
  EXPECT_EQ(Update(second, fourth).error_code(), StatusCode::ABORTED);
  ASSERT_TRUE(Update(third, fourth).ok());
  EXPECT_GT(fourth.etag(), third.etag());
}

}  // namespace
}  // namespace dataservice::test
