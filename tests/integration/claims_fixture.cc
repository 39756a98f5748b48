#include "claims_fixture.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace dataservice::test {
namespace {

template <typename Answer, typename Request>
Answered<Answer> Send(Engine& engine, const std::string& method, const Request& request,
                      const Metadata& metadata) {
  Answered<Answer> answered;
  answered.status = engine.Call("SampleService/" + method, request, answered.message, 20000,
                                metadata, &answered.created);
  return answered;
}

}  // namespace

std::string Deterministic(const google::protobuf::Message& message) {
  std::string out;
  {
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return out;
}

types::v1::CreateSampleRequest CreationOf(const std::string& text, const std::string& request_id) {
  types::v1::CreateSampleRequest request;
  request.mutable_sample()->set_text(text);
  request.set_request_id(request_id);
  return request;
}

types::v1::UpdateSampleRequest UpdateOf(const std::string& id, const std::string& text,
                                        const std::string& request_id) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(id);
  request.mutable_sample()->set_text(text);
  request.mutable_update_mask()->add_paths("text");
  request.set_request_id(request_id);
  return request;
}

types::v1::UpsertSampleRequest UpsertOf(const std::string& id, const std::string& text,
                                        const std::string& request_id) {
  types::v1::UpsertSampleRequest request;
  request.mutable_sample()->set_id(id);
  request.mutable_sample()->set_text(text);
  request.set_request_id(request_id);
  return request;
}

types::v1::DeleteSampleRequest DeletionOf(const std::string& id, const std::string& request_id) {
  types::v1::DeleteSampleRequest request;
  request.set_id(id);
  request.set_request_id(request_id);
  return request;
}

Answered<types::v1::Sample> ClaimsTest::Write(Engine& engine,
                                              const types::v1::CreateSampleRequest& request,
                                              const Metadata& metadata) {
  return Send<Sample>(engine, "CreateSample", request, metadata);
}

Answered<types::v1::Sample> ClaimsTest::Write(Engine& engine,
                                              const types::v1::UpdateSampleRequest& request,
                                              const Metadata& metadata) {
  return Send<Sample>(engine, "UpdateSample", request, metadata);
}

Answered<types::v1::Sample> ClaimsTest::Write(Engine& engine,
                                              const types::v1::UpsertSampleRequest& request,
                                              const Metadata& metadata) {
  return Send<Sample>(engine, "UpsertSample", request, metadata);
}

Answered<google::protobuf::Empty> ClaimsTest::Write(Engine& engine,
                                                    const types::v1::DeleteSampleRequest& request,
                                                    const Metadata& metadata) {
  return Send<google::protobuf::Empty>(engine, "DeleteSample", request, metadata);
}

}  // namespace dataservice::test
