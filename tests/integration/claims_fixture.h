// Writes with a request_id, for the tests of what is done once.
#pragma once

#include <google/protobuf/empty.pb.h>

#include <map>
#include <string>

#include "engine_fixture.h"
#include "status_info.h"

namespace dataservice::test {

using Metadata = std::multimap<std::string, std::string>;

// The bytes of a message, with maps in the order of their keys.
std::string Deterministic(const google::protobuf::Message& message);

// What a write was answered.
template <typename Message>
struct Answered {
  grpc::Status status;
  Message message;
  bool created = false;

  // All of it as text, to compare with.
  std::string Text() const {
    return std::to_string(status.error_code()) + (created ? " created " : " ") +
           Deterministic(message);
  }
};

types::v1::CreateSampleRequest CreationOf(const std::string& text, const std::string& request_id);
types::v1::UpdateSampleRequest UpdateOf(const std::string& id, const std::string& text,
                                        const std::string& request_id);
types::v1::UpsertSampleRequest UpsertOf(const std::string& id, const std::string& text,
                                        const std::string& request_id);
types::v1::DeleteSampleRequest DeletionOf(const std::string& id, const std::string& request_id);

class ClaimsTest : public EngineTest {
 protected:
  using Sample = types::v1::Sample;

  static Answered<Sample> Write(Engine& engine, const types::v1::CreateSampleRequest& request,
                                const Metadata& metadata = {});
  static Answered<Sample> Write(Engine& engine, const types::v1::UpdateSampleRequest& request,
                                const Metadata& metadata = {});
  static Answered<Sample> Write(Engine& engine, const types::v1::UpsertSampleRequest& request,
                                const Metadata& metadata = {});
  static Answered<google::protobuf::Empty> Write(Engine& engine,
                                                 const types::v1::DeleteSampleRequest& request,
                                                 const Metadata& metadata = {});
  template <typename Request>
  auto Write(const Request& request, const Metadata& metadata = {}) {
    return Write(engine_, request, metadata);
  }

  // The row is made without a claim.
  Sample Stored(const std::string& text) { return Write(CreationOf(text, "")).message; }
  static std::string TextOf(const std::string& id) {
    return Sql("SELECT text FROM types.sample WHERE id = '" + id + "'");
  }
  static std::string Samples() { return Sql("SELECT count(*) FROM types.sample"); }
  static std::string Claims() { return Sql("SELECT count(*) FROM types.request_claim"); }
};

}  // namespace dataservice::test
