#include "client_traffic.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace dataservice::test {
namespace {

// Keys in great demand, four and four of which are written together, and others.
constexpr size_t kHotKeys = 48;
constexpr size_t kGroup = 4;
constexpr size_t kColdKeys = 500;
// Parents that stay, and such that come and go.
constexpr size_t kKept = 8;
constexpr size_t kPassing = 12;
// Requests that may be sent again.
constexpr size_t kNamed = 64;

std::string KeyOf(size_t number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

}  // namespace

ClientTraffic::ClientTraffic(uint64_t seed, int source, int sources)
    : random_(seed * 1000003 + static_cast<uint64_t>(source)), source_(source), sources_(sources) {}

std::string ClientTraffic::AnyKey() {
  return KeyOf(Chance(55) ? Below(kHotKeys) : kHotKeys + Below(kColdKeys));
}

std::vector<std::string> ClientTraffic::SomeKeys() {
  std::vector<std::string> keys;
  const size_t group = Below(kHotKeys / kGroup) * kGroup;
  if (Chance(70)) {
    for (size_t i = 0; i < kGroup; ++i) keys.push_back(KeyOf(group + i));
  } else {
    for (size_t i = 2 + Below(6); i > 0; --i) keys.push_back(AnyKey());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  }
  std::shuffle(keys.begin(), keys.end(), random_);
  if (Chance(20)) keys.resize(std::max<size_t>(1, keys.size() - 1));
  return keys;
}

std::string ClientTraffic::KeptParent() { return "kept-" + std::to_string(Below(kKept)); }
std::string ClientTraffic::PassingParent() { return "passing-" + std::to_string(Below(kPassing)); }

std::string ClientTraffic::AnyParent() {
  if (Chance(2)) return PassingParent();
  return Chance(50) ? KeptParent() : "";
}

// The last that was seen, which may be old; now and then another row's.
std::string ClientTraffic::EtagOf(const std::string& key) {
  const auto found = etags_.find(Chance(8) ? AnyKey() : key);
  return found == etags_.end() ? "" : found->second;
}

std::string ClientTraffic::MaybeRequestId() {
  if (!Chance(35)) return "";
  return absl::StrFormat("r%d-%d", source_, ++request_ids_);
}

std::vector<ClientCall> ClientTraffic::Beginning() {
  std::vector<ClientCall> calls;
  for (size_t i = 0; i < kKept; ++i) calls.push_back(CreateOrder("kept-" + std::to_string(i)));
  for (size_t i = 0; i < kHotKeys + kColdKeys; i += 8) {
    std::vector<std::string> keys;
    for (size_t j = i; j < std::min(i + 4, kHotKeys + kColdKeys); ++j) keys.push_back(KeyOf(j));
    calls.push_back(BatchCreate(keys));
  }
  return calls;
}

ClientCall ClientTraffic::Repeat() {
  ClientCall& named = named_[Below(named_.size())];
  // Another request under the same id, now and then.
  return Chance(10) ? Upsert(named.record.request_id) : named;
}

ClientCall ClientTraffic::Next() {
  ClientCall call;
  const size_t choice = Below(1000);
  if (!pages_.empty() && Chance(2)) {
    call = std::move(pages_.front());
    pages_.pop_front();
  } else if (!named_.empty() && Chance(7)) {
    call = Repeat();
  } else if (choice < 200) {
    call = Get();
  } else if (choice < 280) {
    call = BatchGet();
  } else if (choice < 320) {
    call = GetOrder();
  } else if (choice < 335) {
    call = List(AnyPage(), "");
  } else if (choice < 360) {
    call = ListOfOrder(AnyPage(), "");
  } else if (choice < 510) {
    call = Create();
  } else if (choice < 610) {
    call = Upsert(MaybeRequestId());
  } else if (choice < 800) {
    call = Update();
  } else if (choice < 850) {
    call = Delete();
  } else if (choice < 875) {
    call = BatchCreate(Chance(30) ? std::vector<std::string>(3) : SomeKeys());
  } else if (choice < 925) {
    call = BatchUpdate();
  } else if (choice < 940) {
    call = BatchDelete();
  } else if (choice < 955) {
    call = CreateOrder(PassingParent());
  } else if (choice < 970) {
    call = DeleteOrder();
  } else {
    call = Get();
  }
  if (!call.record.request_id.empty()) {
    named_.push_back(call);
    if (named_.size() > kNamed) named_.pop_front();
  }
  if (Chance(2)) call.deadline_ms = static_cast<int>(1 + Below(40));
  call.cancel = Chance(1);
  return call;
}

void ClientTraffic::Answered(const SerialCall& record) {
  for (const SerialRow& row : record.rows) {
    if ((row.shown & kEtag) != 0) etags_[row.key] = row.etag;
  }
}

std::pair<types::v1::CreateSampleRequest, SerialCall> ClientTraffic::NextImported() {
  types::v1::CreateSampleRequest request;
  SerialCall record{.what = "ImportSamples"};
  record.writes = {Writing(SerialWrite::kCreate, AnyKey())};
  *request.mutable_sample() = SampleOf(record.writes[0].sent);
  record.request_id = MaybeRequestId();
  request.set_request_id(record.request_id);
  record.request = record.what + request.SerializeAsString();
  return {request, record};
}

std::pair<types::v1::ExportSamplesRequest, SerialCall> ClientTraffic::NextExport() {
  types::v1::ExportSamplesRequest request;
  SerialCall record{.what = "ExportSamples", .snapshot = false};
  Page page = AnyPage();
  page.order = Page::kByKey;
  page.parent.clear();
  request.set_filter(page.Filter());
  record.listing = page.Listing();
  return {request, record};
}

}  // namespace dataservice::test
