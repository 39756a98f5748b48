// No response to a caller depends on the rows of another caller.
#include <thread>

#include "owner_model.h"

namespace dataservice::test {
namespace {

constexpr unsigned kCallers = 6;
constexpr int kCalls = 500;

// Each caller compares its responses with a model that knows of no other caller. All of them
// call at the same time, so that the servers' batches have operations of several callers, and
// with the same keys, slugs and request_ids.
TEST_F(OwnedTest, EachCallerIsAloneInTheWorld) {
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kCallers; ++i) {
    threads.emplace_back([this, i] {
      OwnedCaller caller(servers_, "caller" + std::to_string(i), i);
      for (int call = 0; call < kCalls && !HasFailure(); ++call) caller.Step();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace dataservice::test
