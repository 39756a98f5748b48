// Many batches at once over the same rows.
#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "batch_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;

class BatchConcurrencyTest : public BatchTest {
 protected:
  template <typename Work>
  static void Together(int threads, Work work) {
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : all) thread.join();
  }
};

TEST_F(BatchConcurrencyTest, CrossingKeysAndMasksDoNotDeadlock) {
  const auto samples = CreateSamples(20);
  Together(12, [&](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    for (int round = 0; round < 20; ++round) {
      auto order = samples;
      std::shuffle(order.begin(), order.end(), random);
      types::v1::BatchUpdateSamplesRequest request;
      for (const auto& sample : order) {
        auto& update = *request.add_requests();
        update.mutable_sample()->set_id(sample.id());
        update.mutable_sample()->set_i32(thread + 1);  // 0 would be none
        update.mutable_sample()->set_text(std::to_string(thread));
        // Masks of the same rows differ from batch to batch.
        if (random() % 2 == 0) update.mutable_update_mask()->add_paths("i32");
        if (random() % 4 == 0) update.set_allow_missing(true);
      }
      const auto status = Update(request);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  });
  // The last batch wrote every row.
  EXPECT_EQ(Sql("SELECT count(DISTINCT i32) FROM types.sample"), "1");
}

TEST_F(BatchConcurrencyTest, EveryAcknowledgedIncrementCounts) {
  const auto samples = CreateSamples(6);
  Sql("UPDATE types.sample SET i32 = 0, update_time = update_time + interval '1 second'");
  std::atomic<int> done{0};
  Together(8, [&](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    for (int won = 0; won < 10;) {
      types::v1::BatchGetSamplesRequest get;
      auto order = samples;
      std::shuffle(order.begin(), order.end(), random);
      order.resize(3);
      for (const auto& sample : order) get.add_ids(sample.id());
      types::v1::BatchGetSamplesResponse got;
      ASSERT_TRUE(engine_.Call("SampleService/BatchGetSamples", get, got).ok());
      types::v1::BatchUpdateSamplesRequest request;
      for (const auto& sample : got.samples()) {
        auto& update = *request.add_requests();
        update.mutable_sample()->set_id(sample.id());
        update.mutable_sample()->set_etag(sample.etag());
        update.mutable_sample()->set_i32(sample.i32() + 1);
        update.mutable_update_mask()->add_paths("i32");
      }
      const auto code = Update(request).error_code();
      if (code == StatusCode::OK) {
        ++won;
        ++done;
      } else {
        ASSERT_EQ(code, StatusCode::ABORTED);
      }
    }
  });
  EXPECT_EQ(Sql("SELECT sum(i32) FROM types.sample"), std::to_string(done * 3));
}

TEST_F(BatchConcurrencyTest, CreationsAndDeletionsOfTheSameKeys) {
  std::atomic<int> balance{0};
  Together(10, [&](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    for (int round = 0; round < 30; ++round) {
      std::vector<int64_t> numbers;
      for (int i = 1; i <= 12; ++i) numbers.push_back(i * 7);
      std::shuffle(numbers.begin(), numbers.end(), random);
      if (random() % 2 == 0) {
        const auto code = CreateCounters(numbers).error_code();
        if (code == StatusCode::OK) ++balance;
        EXPECT_TRUE(code == StatusCode::OK || code == StatusCode::ALREADY_EXISTS) << code;
      } else {
        types::v1::BatchDeleteCountersRequest remove;
        for (const int64_t number : numbers) remove.add_numbers(number);
        google::protobuf::Empty empty;
        const auto code =
            engine_.Call("CounterService/BatchDeleteCounters", remove, empty).error_code();
        if (code == StatusCode::OK) --balance;
        EXPECT_TRUE(code == StatusCode::OK || code == StatusCode::NOT_FOUND) << code;
      }
    }
  });
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), std::to_string(balance * 12));
}

TEST_F(BatchConcurrencyTest, BatchesBesideSingleWrites) {
  ASSERT_TRUE(CreateOrders({"a", "b", "c", "d"}).ok());
  Together(8, [&](int thread) {
    for (int round = 0; round < 30; ++round) {
      if (thread % 2 == 0) {
        types::v1::BatchUpdateOrdersRequest request;
        for (const char* code : {"d", "b", "c", "a"}) {
          auto& update = *request.add_requests();
          update.mutable_order()->set_code(code);
          update.mutable_update_mask()->add_paths("user");
          if (code[0] == 'b') update.set_allow_missing(true);
        }
        types::v1::BatchUpdateOrdersResponse response;
        const auto status = engine_.Call("OrderService/BatchUpdateOrders", request, response);
        EXPECT_TRUE(status.ok()) << status.error_message();
      } else {
        types::v1::UpsertOrderRequest request;
        request.mutable_order()->set_code(std::string(1, static_cast<char>('a' + round % 4)));
        types::v1::Order order;
        const auto status = engine_.Call("OrderService/UpsertOrder", request, order);
        EXPECT_TRUE(status.ok()) << status.error_message();
      }
    }
  });
}

}  // namespace
}  // namespace dataservice::test
