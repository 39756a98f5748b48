// Random rows through every method, compared with a model in memory after each
// step. PROPERTY_SEED=N repeats a run, PROPERTY_STEPS=N makes it longer.
#include <chrono>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine_fixture.h"
#include "random_row.h"
#include "row_model.h"

namespace dataservice::test {
namespace {

using google::protobuf::FieldMask;
using grpc::StatusCode;
using types::v1::Sample;

constexpr uint64_t kFixedSeed = 20240229;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

bool Later(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b) {
  return std::pair(a.seconds(), a.nanos()) > std::pair(b.seconds(), b.nanos());
}

class PropertyTest : public EngineTest {
 protected:
  void Run(uint64_t seed) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    RecordProperty("seed", std::to_string(seed));
    random_ = RandomRow(seed);
    for (const std::string& code : orders_) {
      types::v1::CreateOrderRequest request;
      request.mutable_order()->set_code(code);
      types::v1::Order order;
      ASSERT_TRUE(engine_.Call("OrderService/CreateOrder", request, order).ok());
    }
    const uint64_t steps = FromEnvironment("PROPERTY_STEPS", 300);
    for (uint64_t step = 0; step < steps && !HasFailure(); ++step) {
      SCOPED_TRACE(absl::StrCat("PROPERTY_SEED=", seed, ", step ", step));
      Step();
      if (step % 25 == 24) List();
    }
  }

 private:
  void Step() {
    const size_t kind = random_.Below(100);
    if (kind < 25 || rows_.empty()) return Create();
    if (kind < 65) return Update();
    if (kind < 85) return Upsert();
    if (kind < 95) return Delete();
    Get(AnyId());
  }

  // A key of a row; in either case of letters.
  std::string AnyId() {
    auto row = rows_.begin();
    std::advance(row, random_.Below(rows_.size()));
    return random_.Chance(20) ? absl::AsciiStrToUpper(row->first) : row->first;
  }
  static std::string Lower(const std::string& id) { return absl::AsciiStrToLower(id); }

  // What a client may send: server-owned fields are filled too, and ignored.
  Sample RandomSample() {
    Sample sample;
    random_.Fill(sample, static_cast<int>(random_.Below(101)));
    sample.clear_id();
    sample.clear_etag();
    sample.clear_order_code();
    sample.clear_origin_id();
    if (random_.Chance(30)) sample.set_order_code(orders_[random_.Below(orders_.size())]);
    if (random_.Chance(30) && !rows_.empty()) sample.set_origin_id(AnyId());
    return sample;
  }

  void Create() {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = RandomSample();
    Sample& sent = *request.mutable_sample();
    const bool again = !rows_.empty() && random_.Chance(10);
    if (again) {
      sent.set_id(AnyId());
    } else if (random_.Chance(50)) {
      sent.set_id(random_.Uuid());
    }
    Sample answer;
    const auto status = engine_.Call("SampleService/CreateSample", request, answer);
    if (again) {
      EXPECT_EQ(status.error_code(), StatusCode::ALREADY_EXISTS) << status.error_message();
      return;
    }
    ASSERT_TRUE(status.ok()) << status.error_message();
    if (sent.id().empty()) sent.set_id(answer.id());
    EXPECT_EQ(answer.create_time().SerializeAsString(), answer.update_time().SerializeAsString());
    Expect(WithServerFields(Stored(sent), answer), answer);
  }

  // For updates and for reads: names of fields, and of some inside messages.
  FieldMask RandomMask() {
    FieldMask mask;
    const size_t kind = random_.Below(10);
    if (kind == 0) return mask;
    if (kind == 1) {
      mask.add_paths("*");
      return mask;
    }
    const auto& type = *Sample::descriptor();
    const size_t count = 1 + random_.Below(kind == 2 ? type.field_count() : 4);
    for (size_t i = 0; i < count; ++i) {
      const auto& field = *type.field(static_cast<int>(random_.Below(type.field_count())));
      const bool inside = field.name() == "part";
      if (!inside || random_.Chance(30)) mask.add_paths(field.name());
    }
    const auto& part = *types::v1::Part::descriptor();
    for (int i = 0; i < part.field_count(); ++i) {
      if (random_.Chance(15)) mask.add_paths(absl::StrCat("part.", part.field(i)->name()));
    }
    // In any order, and some twice.
    for (int i = 0; i < mask.paths_size(); ++i) {
      mask.mutable_paths()->SwapElements(i, static_cast<int>(random_.Below(mask.paths_size())));
    }
    if (mask.paths_size() > 0 && random_.Chance(10)) mask.add_paths(mask.paths(0));
    return mask;
  }

  void Update() {
    types::v1::UpdateSampleRequest request;
    *request.mutable_sample() = RandomSample();
    Sample& sent = *request.mutable_sample();
    sent.set_id(AnyId());
    *request.mutable_update_mask() = RandomMask();
    Sample& row = rows_[Lower(sent.id())];
    const bool stale = SetEtag(row, sent);
    Sample answer;
    const auto status = engine_.Call("SampleService/UpdateSample", request, answer);
    if (stale) {
      EXPECT_EQ(status.error_code(), StatusCode::ABORTED) << status.error_message();
      return Get(sent.id());
    }
    ASSERT_TRUE(status.ok()) << status.error_message() << request.update_mask().DebugString();
    Sample expected = row;
    const bool changes = ApplyMask(request.update_mask(), sent, expected);
    SCOPED_TRACE(request.update_mask().ShortDebugString());
    if (!changes) return Expect(row, answer);
    ExpectGrowth(row, answer);
    Expect(WithServerFields(expected, answer), answer);
  }

  void Upsert() {
    types::v1::UpsertSampleRequest request;
    *request.mutable_sample() = RandomSample();
    Sample& sent = *request.mutable_sample();
    const bool replaces = random_.Chance(70);
    sent.set_id(replaces ? AnyId() : random_.Uuid());
    const Sample before = replaces ? rows_[Lower(sent.id())] : Sample();
    const bool stale = replaces && SetEtag(before, sent);
    Sample answer;
    const auto status = engine_.Call("SampleService/UpsertSample", request, answer);
    if (stale) {
      EXPECT_EQ(status.error_code(), StatusCode::ABORTED) << status.error_message();
      return Get(sent.id());
    }
    ASSERT_TRUE(status.ok()) << status.error_message();
    if (replaces) ExpectGrowth(before, answer);
    Expect(WithServerFields(Stored(sent), answer), answer);
  }

  void Delete() {
    types::v1::DeleteSampleRequest request;
    request.set_id(random_.Chance(90) ? AnyId() : random_.Uuid());
    const auto row = rows_.find(Lower(request.id()));
    const bool stale = random_.Chance(10);
    if (stale) request.set_etag(StaleEtag());
    google::protobuf::Empty answer;
    const auto status = engine_.Call("SampleService/DeleteSample", request, answer);
    if (row == rows_.end() || (stale && row->second.etag() != request.etag())) {
      EXPECT_FALSE(status.ok());
      return;
    }
    ASSERT_TRUE(status.ok()) << status.error_message();
    const std::string id = row->first;
    last_etag_ = row->second.etag();
    rows_.erase(row);
    for (auto& [key, other] : rows_) {  // ON_DELETE_SET_NULL
      if (other.origin_id() == id) LoseOrigin(key, other);
    }
    types::v1::GetSampleRequest get;
    get.set_id(request.id());
    Sample gone;
    EXPECT_EQ(engine_.Call("SampleService/GetSample", get, gone).error_code(),
              StatusCode::NOT_FOUND);
  }

  // The row's reference was set to NULL: a change, with a version of its own.
  void LoseOrigin(const std::string& id, Sample& row) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    Sample answer;
    ASSERT_TRUE(engine_.Call("SampleService/GetSample", request, answer).ok());
    ExpectGrowth(row, answer);
    row.clear_origin_id();
    *row.mutable_update_time() = answer.update_time();
    row.set_etag(answer.etag());
  }

  void Get(const std::string& id) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    Sample answer;
    const auto status = engine_.Call("SampleService/GetSample", request, answer);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(Difference(rows_[Lower(id)], answer), "") << id;
    GetSome(id);
  }

  // The fields that a random mask names.
  void GetSome(const std::string& id) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    *request.mutable_read_mask() = RandomMask();
    SCOPED_TRACE(request.read_mask().ShortDebugString());
    Sample answer;
    const auto status = engine_.Call("SampleService/GetSample", request, answer);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(Difference(Masked(request.read_mask(), rows_[Lower(id)]), answer), "") << id;
  }

  // All pages, in the order of the key, with or without an equality, each page with
  // a read mask of its own.
  void List() {
    types::v1::ListSamplesRequest request;
    request.set_page_size(static_cast<int>(1 + random_.Below(8)));
    if (random_.Chance(30)) request.set_opt_flag(random_.Chance(50));
    if (random_.Chance(20)) request.set_origin(types::v1::ORIGIN_FIELD);
    std::vector<const Sample*> expected;
    for (const auto& [id, row] : rows_) {
      if (request.has_opt_flag() && !(row.has_opt_flag() && row.opt_flag() == request.opt_flag())) {
        continue;
      }
      if (request.origin() != 0 && row.origin() != request.origin()) continue;
      expected.push_back(&row);
    }
    size_t count = 0;
    types::v1::ListSamplesResponse page;
    do {
      request.set_page_token(page.next_page_token());
      *request.mutable_read_mask() = RandomMask();
      SCOPED_TRACE(request.read_mask().ShortDebugString());
      page.Clear();
      const auto status = engine_.Call("SampleService/ListSamples", request, page);
      ASSERT_TRUE(status.ok()) << status.error_message();
      for (const Sample& row : page.samples()) {
        ASSERT_LT(count, expected.size());
        const Sample& whole = *expected[count++];
        EXPECT_EQ(Difference(Masked(request.read_mask(), whole), row), "") << whole.id();
      }
    } while (page.has_next_page_token());
    EXPECT_EQ(count, expected.size());
  }

  // Now and then a version; whether it is one that the row no longer has.
  bool SetEtag(const Sample& row, Sample& sent) {
    if (random_.Chance(60)) return false;
    sent.set_etag(random_.Chance(70) ? row.etag() : StaleEtag());
    return sent.etag() != row.etag();
  }
  std::string StaleEtag() { return last_etag_; }

  void ExpectGrowth(const Sample& before, const Sample& after) {
    EXPECT_TRUE(Later(after.update_time(), before.update_time()));
    EXPECT_NE(after.etag(), before.etag());
    EXPECT_EQ(after.create_time().SerializeAsString(), before.create_time().SerializeAsString());
    last_etag_ = before.etag();
  }

  // The answer is the row, and so is what a read answers.
  void Expect(const Sample& expected, const Sample& answer) {
    EXPECT_EQ(Difference(expected, answer), "") << expected.id();
    EXPECT_FALSE(answer.etag().empty());
    if (last_etag_.empty()) last_etag_ = answer.etag();
    rows_[expected.id()] = expected;
    Get(expected.id());
  }

  const std::vector<std::string> orders_ = {"a", "B'2", "c,{}\"\\"};
  RandomRow random_{0};
  RowModel rows_;
  std::string last_etag_;
};

TEST_F(PropertyTest, RowsAreWhatTheModelSays) { Run(FromEnvironment("PROPERTY_SEED", kFixedSeed)); }

TEST_F(PropertyTest, WithANewSeedEachTime) {
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  Run(FromEnvironment("PROPERTY_SEED", static_cast<uint64_t>(now)));
}

}  // namespace
}  // namespace dataservice::test
