#ifndef DATASERVICE_CLIENT_LIST_H_
#define DATASERVICE_CLIENT_LIST_H_

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <utility>

#include "dataservice/client/options.h"
#include "dataservice/client/rows.h"

namespace dataservice::client {

// Options of a list.
struct ListOptions {
  // The largest number of rows; absent means all.
  std::optional<int> limit = {};
  // Options of the call for each page.
  CallOptions call = {};
};

namespace internal {
// Sets page_token, and page_size to at most `limit`, if it is set. A page_size of 0 becomes
// 1000, the most that the service returns.
void SetPage(google::protobuf::Message& request, const std::string& token,
             std::optional<int> limit);
// Returns the value of a string field; empty if the message has no such field.
std::string Text(const google::protobuf::Message& message, const std::string& field);
}  // namespace internal

// Reads the pages of a list (AIP-158). While the rows of a page are used, the next one is read.
template <class Request, class Response, class Row>
class PageReader : public RowReader<Row> {
 public:
  using Fetch = std::function<absl::StatusOr<Response>(const Request&, const CallOptions&)>;
  using Rows = google::protobuf::RepeatedPtrField<Row>* (*)(Response&);

  PageReader(Request request, ListOptions options, Fetch fetch, Rows rows)
      : request_(std::move(request)),
        options_(std::move(options)),
        fetch_(std::move(fetch)),
        rows_(rows),
        cancellation_(options_.call.cancellation) {
    options_.call.cancellation = &cancellation_;
    token_ = internal::Text(request_, "page_token");
    if (options_.limit.value_or(1) > 0) Begin();
  }

  // Ends the call for a page that is not needed.
  ~PageReader() override {
    if (next_.valid()) cancellation_.Cancel();
  }

  std::optional<absl::StatusOr<Row>> Next() override {
    while (position_ == count_) {
      if (!next_.valid()) return std::nullopt;
      absl::StatusOr<Response> page = next_.get();
      if (!page.ok()) return page.status();
      page_ = *std::move(page);
      Take();
    }
    return std::move(*rows_(page_)->Mutable(position_++));
  }

 private:
  void Begin() {
    Request request = request_;
    internal::SetPage(request, token_, options_.limit);
    next_ = std::async(std::launch::async, [this, request = std::move(request)] {
      return fetch_(request, options_.call);
    });
  }

  // Begins to use the page, and reads the next one if it is needed.
  void Take() {
    position_ = 0;
    count_ = rows_(page_)->size();
    if (options_.limit) {
      count_ = std::min(count_, *options_.limit);
      *options_.limit -= count_;
    }
    token_ = internal::Text(page_, "next_page_token");
    if (!token_.empty() && options_.limit.value_or(1) > 0) Begin();
  }

  const Request request_;
  ListOptions options_;
  const Fetch fetch_;
  const Rows rows_;
  Cancellation cancellation_;
  std::string token_;
  Response page_;
  int position_ = 0, count_ = 0;
  // The last member: its destructor waits for the call, which uses the others.
  std::future<absl::StatusOr<Response>> next_;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_LIST_H_
