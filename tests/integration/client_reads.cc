// The reads of ClientTraffic.
#include <tuple>

#include "absl/strings/str_cat.h"
#include "client_traffic.h"

namespace dataservice::test {
namespace {

using google::protobuf::FieldMask;
using types::v1::Sample;

// Half of the reads have a mask; each names what a row is known by.
unsigned SetMask(unsigned fields, FieldMask& mask) {
  for (const char* path : {"id", "text", "create_time", "update_time"}) mask.add_paths(path);
  if ((fields & kSmall) != 0) mask.add_paths("i32");
  if ((fields & kBig) != 0) mask.add_paths("i64");
  if ((fields & kParent) != 0) mask.add_paths("order_code");
  if ((fields & kEtag) != 0) mask.add_paths("etag");
  return fields;
}

}  // namespace

bool ClientTraffic::Page::Before(const SerialRow& a, const SerialRow& b) const {
  switch (order) {
    case kByKey:
      return a.key < b.key;
    case kByNumber:
      return std::tie(a.small, a.key) < std::tie(b.small, b.key);
    case kByNumberDown:
      return std::tie(b.small, b.key) < std::tie(a.small, a.key);
  }
  return false;
}

bool ClientTraffic::Page::Shows(const SerialRow& row) const {
  return IsSample(row) && (parent.empty() || row.parent == parent) && row.small >= low &&
         row.small < high && (!after || Before(*after, row)) && (!last || !Before(*last, row));
}

std::string ClientTraffic::Page::Filter() const {
  if (low == 0 && high == kNumbers) return "";
  return absl::StrCat("i32 >= ", low, " AND NOT i32 >= ", high);
}

std::string ClientTraffic::Page::OrderBy() const {
  if (order == kByKey) return "";
  return order == kByNumber ? "i32" : "i32 desc";
}

SerialListing ClientTraffic::Page::Listing() const {
  return {[page = *this](const SerialRow& row) { return page.Shows(row); },
          [page = *this](const SerialRow& a, const SerialRow& b) { return page.Before(a, b); }};
}

ClientTraffic::Page ClientTraffic::AnyPage() {
  Page page;
  if (Chance(60)) page.parent = Chance(10) ? PassingParent() : KeptParent();
  if (Chance(60)) {
    page.low = static_cast<int>(Below(kNumbers));
    page.high = page.low + 1 + static_cast<int>(Below(static_cast<size_t>(kNumbers - page.low)));
  }
  page.order = static_cast<Page::Order>(Below(3));
  return page;
}

ClientCall ClientTraffic::Get() {
  types::v1::GetSampleRequest request;
  request.set_id(AnyKey());
  unsigned shown = kAllFields;
  if (Chance(50)) {
    shown = SetMask(Chance(50) ? kEtag : kSmall | kParent, *request.mutable_read_mask());
  }
  ClientCall call = CallOf("SampleService/GetSample", request);
  call.record.keys = {request.id()};
  call.read = [shown](const std::string& answer, SerialCall& record) {
    record.rows = {RowOf(Parsed<Sample>(answer), shown)};
  };
  return call;
}

ClientCall ClientTraffic::BatchGet() {
  types::v1::BatchGetSamplesRequest request;
  for (const std::string& key : SomeKeys()) request.add_ids(key);
  unsigned shown = kAllFields;
  if (Chance(30)) shown = SetMask(kBig, *request.mutable_read_mask());
  ClientCall call = CallOf("SampleService/BatchGetSamples", request);
  call.record.keys = {request.ids().begin(), request.ids().end()};
  call.read = [shown](const std::string& answer, SerialCall& record) {
    const auto response = Parsed<types::v1::BatchGetSamplesResponse>(answer);
    for (const Sample& sample : response.samples()) record.rows.push_back(RowOf(sample, shown));
  };
  return call;
}

// With the computed number of its samples.
ClientCall ClientTraffic::GetOrder() {
  types::v1::GetOrderRequest request;
  request.set_code(Chance(50) ? PassingParent() : KeptParent());
  for (const char* path : {"code", "user", "sample_count"}) {
    request.mutable_read_mask()->add_paths(path);
  }
  ClientCall call = CallOf("OrderService/GetOrder", request);
  call.record.keys = {request.code()};
  call.read = [](const std::string& answer, SerialCall& record) {
    const auto order = Parsed<types::v1::Order>(answer);
    record.rows = {RowOf(order)};
    record.count = {[code = order.code()](const SerialRow& row) { return row.parent == code; },
                    order.sample_count()};
  };
  return call;
}

ClientCall ClientTraffic::List(Page page, const std::string& token) {
  types::v1::ListSamplesRequest request;
  request.set_page_size(static_cast<int>(5 + Below(36)));
  request.set_page_token(token);
  request.set_order_code(page.parent);
  request.set_filter(page.Filter());
  request.set_order_by(page.OrderBy());
  unsigned shown = kAllFields;
  if (Chance(40)) shown = SetMask(kSmall | kParent, *request.mutable_read_mask());
  ClientCall call = CallOf("SampleService/ListSamples", request);
  call.read = [this, page, shown](const std::string& answer, SerialCall& record) {
    const auto response = Parsed<types::v1::ListSamplesResponse>(answer);
    for (const Sample& sample : response.samples()) record.rows.push_back(RowOf(sample, shown));
    Page of = page;
    if (response.has_next_page_token()) of.last = record.rows.back();
    record.listing = of.Listing();
    Page all = page;
    all.after.reset();
    record.count = {[all](const SerialRow& row) { return all.Shows(row); }, response.total_size()};
    if (!of.last) return;
    of.after = std::exchange(of.last, std::nullopt);
    if (pages_.size() < 50) pages_.push_back(List(of, response.next_page_token()));
  };
  return call;
}

// Without a number of rows, and without a filter: many such share a statement.
ClientCall ClientTraffic::ListOfOrder(Page page, const std::string& token) {
  if (page.parent.empty()) page.parent = KeptParent();
  page.low = 0;
  page.high = kNumbers;
  types::v1::ListOrderSamplesRequest request;
  request.set_page_size(static_cast<int>(5 + Below(36)));
  request.set_page_token(token);
  request.set_order_code(page.parent);
  request.set_order_by(page.OrderBy());
  ClientCall call = CallOf("OrderSampleService/ListSamples", request);
  call.read = [this, page](const std::string& answer, SerialCall& record) {
    const auto response = Parsed<types::v1::ListOrderSamplesResponse>(answer);
    for (const Sample& sample : response.samples()) record.rows.push_back(RowOf(sample));
    Page of = page;
    if (response.has_next_page_token()) of.last = record.rows.back();
    record.listing = of.Listing();
    if (!of.last) return;
    of.after = std::exchange(of.last, std::nullopt);
    if (pages_.size() < 50) pages_.push_back(ListOfOrder(of, response.next_page_token()));
  };
  return call;
}

}  // namespace dataservice::test
