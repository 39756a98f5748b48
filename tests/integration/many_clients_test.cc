// A thousand clients mix everything over few keys, on two servers of one database,
// and each of their answers is one that a sequential model could give.
//
// MANY_CLIENTS_SEED=N makes the calls of a run again (what runs at once is left to
// the machine), MANY_CLIENTS_CALLS=N more or fewer of them.
#include "many_clients.h"

#include <array>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <pqxx/pqxx>
#include <random>
#include <set>
#include <thread>

#include "serial_check.h"

namespace dataservice::test {
namespace {

constexpr int kThreads = 2;
constexpr int kClients = 1000;
constexpr int kCalls = 30000;
// Beside the clients.
constexpr int kStreams = 8;
constexpr int kImportedRows = 40;
// Keys whose calls can be in too many orders to look at them all, of some hundreds.
constexpr size_t kMostUndecided = 5;

uint64_t NumberOf(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class ManyClientsTest : public EngineTest {
 protected:
  void AddHistory(ClientThread& thread) {
    for (SerialCall& call : thread.TakeHistory()) history_.push_back(std::move(call));
    EXPECT_TRUE(thread.unexpected().empty()) << thread.unexpected().front();
  }

  // The tables as they are at the end, when no server runs any more: a list of all.
  void AddTables() {
    SerialCall call{.what = "the table at the end"};
    call.outcome = SerialCall::kDone;
    call.listing = {[](const SerialRow&) { return true; },
                    [](const SerialRow& a, const SerialRow& b) { return a.key < b.key; }};
    call.invoked = Now();
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    const auto rows = work.exec(
        "SELECT * FROM (SELECT id::text AS key, text, "
        "(extract(epoch FROM create_time) * 1000000)::bigint, "
        "(extract(epoch FROM update_time) * 1000000)::bigint, i32, i64, coalesce(order_code, '') "
        "FROM types.sample UNION ALL SELECT code, \"user\", 0, 0, 0, 0, '' FROM types.\"order\") "
        "AS t ORDER BY key COLLATE \"C\"");
    for (const auto& row : rows) {
      SerialRow read{.key = row[0].c_str(), .tag = TagOfText(row[1].c_str())};
      read.made = IsSample(read) ? row[2].as<int64_t>() : read.tag;
      read.changed = IsSample(read) ? row[3].as<int64_t>() : read.tag;
      read.shown = IsSample(read) ? kSmall | kBig | kParent : 0U;
      read.small = row[4].as<int32_t>();
      read.big = row[5].as<int64_t>();
      read.parent = row[6].c_str();
      call.rows.push_back(read);
    }
    call.returned = Now();
    history_.push_back(std::move(call));
  }

  // A request_id is claimed if its write was done, and not if it was refused.
  void ExpectClaims() {
    std::set<std::string> done;
    std::set<std::string> maybe;
    for (const SerialCall& call : history_) {
      if (call.request_id.empty()) continue;
      if (call.outcome == SerialCall::kDone) done.insert(call.request_id);
      if (call.outcome == SerialCall::kUnknown) maybe.insert(call.request_id);
    }
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    size_t claimed = 0;
    for (const auto& row : work.exec("SELECT request_id FROM types.request_claim")) {
      const bool known = done.contains(row[0].c_str());
      if (known) ++claimed;
      EXPECT_TRUE(known || maybe.contains(row[0].c_str())) << row[0].c_str();
    }
    EXPECT_EQ(claimed, done.size());
  }

  // How many of each method ended how: a test of refusals alone would show little.
  void Tell() const {
    std::map<std::string, std::array<int, 3>> counts;
    std::map<std::string, int> answers;
    for (const SerialCall& call : history_) {
      ++counts[call.what][call.outcome];
      if (!call.request_id.empty() && call.outcome == SerialCall::kDone) ++answers[call.request_id];
    }
    int repeated = 0;
    for (const auto& [id, count] : answers) repeated += count - 1;
    for (const auto& [what, outcomes] : counts) {
      std::cout << "  " << what << ": " << outcomes[SerialCall::kDone] << " done, "
                << outcomes[SerialCall::kRefused] << " refused, " << outcomes[SerialCall::kUnknown]
                << " unknown\n";
    }
  }

  Engine other_;  // another server on the same database
  std::vector<SerialCall> history_;
};

TEST_F(ManyClientsTest, EveryAnswerIsOneThatASerialOrderGives) {
  const uint64_t seed = NumberOf("MANY_CLIENTS_SEED", std::random_device()());
  const int calls = static_cast<int>(NumberOf("MANY_CLIENTS_CALLS", kCalls));
  std::cout << "MANY_CLIENTS_SEED=" << seed << "\n";
  std::deque<ClientTraffic> traffic;
  std::deque<ClientThread> clients;
  for (int i = 0; i < kThreads; ++i) {
    traffic.emplace_back(seed, i, kThreads + 1);
    clients.emplace_back(std::vector<Engine*>{&engine_, &other_}, traffic.back());
  }
  ClientTraffic streamed(seed, kThreads, kThreads + 1);
  std::vector<SerialCall> streams;
  const SerialTime began = Now();
  clients[0].Run(traffic[0].Beginning());
  std::vector<std::thread> threads;
  threads.reserve(clients.size());
  for (ClientThread& thread : clients) {
    threads.emplace_back([&] { thread.Run(kClients / kThreads, calls / kThreads); });
  }
  for (int i = 0; i < kStreams; ++i) {
    ImportSamples(i % 2 == 0 ? engine_ : other_, streamed, kImportedRows, streams);
    ExportSamples(i % 2 == 0 ? other_ : engine_, streamed, streams);
  }
  for (std::thread& thread : threads) thread.join();
  engine_.Drain();
  other_.Drain();
  for (ClientThread& thread : clients) AddHistory(thread);
  for (SerialCall& call : streams) history_.push_back(std::move(call));
  AddTables();
  const SerialTime ended = Now();
  size_t undecided = 0;
  const auto contradictions = FindContradictions(history_, &undecided);
  for (size_t i = 0; i < contradictions.size() && i < 3; ++i) ADD_FAILURE() << contradictions[i];
  EXPECT_EQ(contradictions.size(), 0U) << "with MANY_CLIENTS_SEED=" << seed;
  EXPECT_LE(undecided, kMostUndecided) << "with MANY_CLIENTS_SEED=" << seed;
  ExpectClaims();
  Tell();
  std::cout << "  " << (ended - began) / 1000000 << " ms of calls, " << (Now() - ended) / 1000000
            << " ms of search\n";
}

}  // namespace
}  // namespace dataservice::test
