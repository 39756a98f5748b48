// Calls of the second contract's batch methods.
#pragma once

#include <string>
#include <vector>

#include "engine_fixture.h"
#include "status_info.h"

namespace dataservice::test {

class BatchTest : public EngineTest {
 protected:
  static constexpr char kRed[] = "red";

  // "requests[3]" of an error's ErrorInfo; empty if it names none.
  static std::string ElementOf(const grpc::Status& status) {
    const google::rpc::ErrorInfo info = InfoOf(status);
    return info.metadata().contains("element") ? info.metadata().at("element") : "";
  }

  grpc::Status CreateCounters(const std::vector<int64_t>& numbers,
                              types::v1::BatchCreateCountersResponse& response,
                              int deadline_ms = 10000) {
    types::v1::BatchCreateCountersRequest request;
    for (const int64_t number : numbers) {
      auto& counter = *request.add_requests()->mutable_counter();
      counter.set_number(number);
      counter.set_value(1);
      counter.set_colour(kRed);
    }
    return engine_.Call("CounterService/BatchCreateCounters", request, response, deadline_ms);
  }
  grpc::Status CreateCounters(const std::vector<int64_t>& numbers) {
    types::v1::BatchCreateCountersResponse response;
    return CreateCounters(numbers, response);
  }

  // Orders of these codes, whose users have the same names where `users`.
  grpc::Status CreateOrders(const std::vector<std::string>& codes, bool users = false) {
    types::v1::BatchCreateOrdersRequest request;
    for (const std::string& code : codes) {
      request.add_requests()->mutable_order()->set_code(code);
      if (users) request.mutable_requests()->rbegin()->mutable_order()->set_user(code);
    }
    types::v1::BatchCreateOrdersResponse response;
    return engine_.Call("OrderService/BatchCreateOrders", request, response);
  }

  // So many new samples.
  std::vector<types::v1::Sample> CreateSamples(int count) {
    types::v1::BatchCreateSamplesRequest request;
    for (int i = 0; i < count; ++i) request.add_requests()->mutable_sample()->set_i32(i);
    types::v1::BatchCreateSamplesResponse response;
    const auto status = engine_.Call("SampleService/BatchCreateSamples", request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.samples().begin(), response.samples().end()};
  }

  grpc::Status Update(const types::v1::BatchUpdateSamplesRequest& request) {
    types::v1::BatchUpdateSamplesResponse response;
    return engine_.Call("SampleService/BatchUpdateSamples", request, response);
  }
};

}  // namespace dataservice::test
