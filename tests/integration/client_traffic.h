// Random calls of the second contract's samples and orders, few of whose keys are
// in great demand.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "client_rows.h"
#include "serial_history.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {

// A call that is to be sent.
struct ClientCall {
  std::string path;
  std::string bytes;
  // All that is known before the answer.
  SerialCall record;
  // Reads the answer of a call that is done into the record.
  std::function<void(const std::string& answer, SerialCall& record)> read;
  int deadline_ms = 60000;
  bool cancel = false;
};

// A call of types.v1.METHOD.
template <typename Request>
ClientCall CallOf(const std::string& method, const Request& request) {
  ClientCall call{.path = "/types.v1." + method, .bytes = request.SerializeAsString()};
  call.record.what = method;
  call.record.request = call.path + call.bytes;
  return call;
}

template <typename Response>
Response Parsed(const std::string& answer) {
  Response response;
  response.ParseFromString(answer);
  return response;
}

class ClientTraffic {
 public:
  // One of `sources`, that is `source`: they share no tag and no request_id. The
  // same seed and answers make the same calls.
  ClientTraffic(uint64_t seed, int source, int sources);

  // Makes the parents that nobody deletes, and some of the rows.
  std::vector<ClientCall> Beginning();

  ClientCall Next();
  // The answer to one of its calls.
  void Answered(const SerialCall& record);

  // A message of an import, with its record.
  std::pair<types::v1::CreateSampleRequest, SerialCall> NextImported();
  // A filter of an export, with a record for its rows.
  std::pair<types::v1::ExportSamplesRequest, SerialCall> NextExport();

 private:
  // A page of a list: which rows, in which order.
  struct Page {
    std::string parent;            // of these; empty: of all
    int low = 0, high = kNumbers;  // numbers from low to before high
    enum Order { kByKey, kByNumber, kByNumberDown } order = kByKey;
    std::optional<SerialRow> after;
    std::optional<SerialRow> last;

    bool Before(const SerialRow& a, const SerialRow& b) const;
    bool Shows(const SerialRow& row) const;
    std::string Filter() const;
    std::string OrderBy() const;
    SerialListing Listing() const;
  };

  // Of so many percent of the writes of a key.
  struct Odds {
    int missing = 20;  // they need no row
    int version = 40;  // they ask for a version
  };

  static constexpr int kNumbers = 10;

  size_t Below(size_t limit) { return random_() % limit; }
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }

  std::string AnyKey();
  std::vector<std::string> SomeKeys();
  std::string AnyParent();
  std::string PassingParent();
  std::string KeptParent();
  std::string EtagOf(const std::string& key);
  std::string MaybeRequestId();
  int64_t NextTag() { return source_ + sources_ * ++tags_; }

  // client_writes.cc
  SerialWrite Writing(SerialWrite::Kind kind, const std::string& key);
  types::v1::UpdateSampleRequest Change(const std::string& key, Odds odds, SerialWrite& write);
  types::v1::DeleteSampleRequest Deletion(const std::string& key, Odds odds, SerialWrite& write);
  ClientCall Create();
  ClientCall Upsert(const std::string& request_id);
  ClientCall Update();
  ClientCall Delete();
  ClientCall BatchCreate(const std::vector<std::string>& keys);
  ClientCall BatchUpdate();
  ClientCall BatchDelete();
  ClientCall CreateOrder(const std::string& code);
  ClientCall DeleteOrder();
  ClientCall Repeat();

  // client_reads.cc
  ClientCall Get();
  ClientCall BatchGet();
  ClientCall GetOrder();
  Page AnyPage();
  ClientCall List(Page page, const std::string& token);
  ClientCall ListOfOrder(Page page, const std::string& token);

  std::mt19937_64 random_;
  const int source_;
  const int sources_;
  int64_t tags_ = 0;
  int64_t request_ids_ = 0;
  std::map<std::string, std::string> etags_;  // as seen last
  std::deque<ClientCall> named_;              // the last that have a request_id
  std::deque<ClientCall> pages_;              // that follow pages which were read
};

}  // namespace dataservice::test
