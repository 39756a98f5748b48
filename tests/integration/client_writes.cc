// The writes of ClientTraffic.
#include "client_traffic.h"

namespace dataservice::test {
namespace {

using types::v1::Sample;

constexpr unsigned kWhole = kSmall | kBig | kParent;
constexpr unsigned kMasks[] = {0, kBig, kSmall | kBig, kParent};

void ReadRow(const std::string& answer, SerialCall& record) {
  record.rows = {RowOf(Parsed<Sample>(answer))};
}

template <typename Response>
void ReadRows(const std::string& answer, SerialCall& record) {
  const auto response = Parsed<Response>(answer);
  for (const Sample& sample : response.samples()) record.rows.push_back(RowOf(sample));
}

void ReadNothing(const std::string&, SerialCall&) {}

// The call of a batch method that does `writes`.
template <typename Request>
ClientCall BatchCall(const std::string& method, const Request& request,
                     std::vector<SerialWrite> writes,
                     void (*read)(const std::string&, SerialCall&)) {
  ClientCall call = CallOf(method, request);
  call.record.writes = std::move(writes);
  call.record.request_id = request.request_id();
  call.read = read;
  return call;
}

}  // namespace

SerialWrite ClientTraffic::Writing(SerialWrite::Kind kind, const std::string& key) {
  SerialWrite write{.kind = kind, .key = key, .tag = NextTag(), .fields = kWhole};
  write.sent = {.key = key, .tag = write.tag, .shown = kWhole};
  write.sent.small = static_cast<int32_t>(Below(kNumbers));
  write.sent.big = write.tag * 7 + 1;
  write.sent.parent = AnyParent();
  return write;
}

ClientCall ClientTraffic::Create() {
  types::v1::CreateSampleRequest request;
  const SerialWrite write = Writing(SerialWrite::kCreate, Chance(10) ? "" : AnyKey());
  *request.mutable_sample() = SampleOf(write.sent);
  request.set_request_id(MaybeRequestId());
  ClientCall call = CallOf("SampleService/CreateSample", request);
  call.record.writes = {write};
  call.record.request_id = request.request_id();
  call.read = ReadRow;
  return call;
}

ClientCall ClientTraffic::Upsert(const std::string& request_id) {
  types::v1::UpsertSampleRequest request;
  const SerialWrite write = Writing(SerialWrite::kUpsert, AnyKey());
  *request.mutable_sample() = SampleOf(write.sent);
  request.set_request_id(request_id);
  ClientCall call = CallOf("SampleService/UpsertSample", request);
  call.record.writes = {write};
  call.record.request_id = request_id;
  call.read = ReadRow;
  return call;
}

// Some fields or all, some under a version, some of rows that need not be there.
types::v1::UpdateSampleRequest ClientTraffic::Change(const std::string& key, Odds odds,
                                                     SerialWrite& write) {
  types::v1::UpdateSampleRequest request;
  request.set_allow_missing(Chance(odds.missing));
  write = Writing(request.allow_missing() ? SerialWrite::kUpsert : SerialWrite::kUpdate, key);
  *request.mutable_sample() = SampleOf(write.sent);
  if (Chance(10)) {
    request.mutable_update_mask()->add_paths("*");
  } else {
    write.fields = kMasks[Below(std::size(kMasks))];
    request.mutable_update_mask()->add_paths("text");
    if ((write.fields & kSmall) != 0) request.mutable_update_mask()->add_paths("i32");
    if ((write.fields & kBig) != 0) request.mutable_update_mask()->add_paths("i64");
    if ((write.fields & kParent) != 0) request.mutable_update_mask()->add_paths("order_code");
  }
  if (write.kind == SerialWrite::kUpdate && Chance(odds.version)) {
    write.etag = EtagOf(key);
    request.mutable_sample()->set_etag(write.etag);
  }
  return request;
}

ClientCall ClientTraffic::Update() {
  SerialWrite write;
  types::v1::UpdateSampleRequest request = Change(AnyKey(), {}, write);
  request.set_request_id(MaybeRequestId());
  ClientCall call = CallOf("SampleService/UpdateSample", request);
  call.record.writes = {write};
  call.record.request_id = request.request_id();
  call.read = ReadRow;
  return call;
}

types::v1::DeleteSampleRequest ClientTraffic::Deletion(const std::string& key, Odds odds,
                                                       SerialWrite& write) {
  types::v1::DeleteSampleRequest request;
  write = {.kind = SerialWrite::kDelete, .key = key};
  if (Chance(odds.version)) write.etag = EtagOf(key);
  write.allow_missing = Chance(odds.missing);
  request.set_id(key);
  request.set_etag(write.etag);
  request.set_allow_missing(write.allow_missing);
  return request;
}

ClientCall ClientTraffic::Delete() {
  SerialWrite write;
  types::v1::DeleteSampleRequest request = Deletion(AnyKey(), {}, write);
  request.set_request_id(MaybeRequestId());
  ClientCall call = CallOf("SampleService/DeleteSample", request);
  call.record.writes = {write};
  call.record.request_id = request.request_id();
  call.read = ReadNothing;
  return call;
}

ClientCall ClientTraffic::BatchCreate(const std::vector<std::string>& keys) {
  types::v1::BatchCreateSamplesRequest request;
  std::vector<SerialWrite> writes;
  for (const std::string& key : keys) {
    writes.push_back(Writing(SerialWrite::kCreate, key));
    *request.add_requests()->mutable_sample() = SampleOf(writes.back().sent);
  }
  request.set_request_id(MaybeRequestId());
  return BatchCall("SampleService/BatchCreateSamples", request, std::move(writes),
                   ReadRows<types::v1::BatchCreateSamplesResponse>);
}

ClientCall ClientTraffic::BatchUpdate() {
  types::v1::BatchUpdateSamplesRequest request;
  std::vector<SerialWrite> writes;
  for (const std::string& key : SomeKeys()) {
    *request.add_requests() = Change(key, {.missing = 15, .version = 10}, writes.emplace_back());
  }
  request.set_request_id(MaybeRequestId());
  return BatchCall("SampleService/BatchUpdateSamples", request, std::move(writes),
                   ReadRows<types::v1::BatchUpdateSamplesResponse>);
}

ClientCall ClientTraffic::BatchDelete() {
  types::v1::BatchDeleteSamplesRequest request;
  std::vector<SerialWrite> writes;
  for (const std::string& key : SomeKeys()) {
    *request.add_requests() = Deletion(key, {.missing = 15, .version = 10}, writes.emplace_back());
  }
  request.set_request_id(MaybeRequestId());
  return BatchCall("SampleService/BatchDeleteSamples", request, std::move(writes), ReadNothing);
}

ClientCall ClientTraffic::CreateOrder(const std::string& code) {
  types::v1::CreateOrderRequest request;
  SerialWrite write{.kind = SerialWrite::kCreate, .key = code, .tag = NextTag(), .fields = 0};
  write.sent = {.key = code, .tag = write.tag, .shown = 0};
  request.mutable_order()->set_code(code);
  request.mutable_order()->set_user(TextOfTag(write.tag));
  request.set_request_id(MaybeRequestId());
  ClientCall call = CallOf("OrderService/CreateOrder", request);
  call.record.writes = {write};
  call.record.request_id = request.request_id();
  call.read = [](const std::string& answer, SerialCall& record) {
    record.rows = {RowOf(Parsed<types::v1::Order>(answer))};
  };
  return call;
}

ClientCall ClientTraffic::DeleteOrder() {
  types::v1::DeleteOrderRequest request;
  request.set_code(PassingParent());
  request.set_request_id(MaybeRequestId());
  ClientCall call = CallOf("OrderService/DeleteOrder", request);
  call.record.writes = {{.kind = SerialWrite::kDelete, .key = request.code()}};
  call.record.request_id = request.request_id();
  call.read = ReadNothing;
  return call;
}

}  // namespace dataservice::test
