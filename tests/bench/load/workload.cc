#include "workload.h"

#include <fstream>
#include <stdexcept>

#include "bookstore/v1/bookstore.pb.h"
#include "frames.h"

namespace bench {
namespace {

using namespace bookstore::v1;  // NOLINT(google-build-using-namespace): one contract

constexpr int kReviews = 10;

std::vector<std::string> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.empty()) throw std::runtime_error("no lines in " + path);
  return lines;
}

bool Has(std::string_view message, std::string_view text) {
  return message.find(text) != std::string_view::npos;
}

// One method with the requests that were made for it.
struct Calls {
  enum class Expect { kKey, kTitle, kBooks, kReviewsOfKey };

  std::string headers;
  std::vector<std::string> messages;  // one for each key or page, or one for all
  Expect expect = Expect::kKey;

  void Add(const google::protobuf::Message& request) {
    messages.push_back(PrefixedMessage(request.SerializeAsString()));
  }
};

Book SomeBook() {
  Book book;
  book.set_title("The Benchmark of Things");
  book.set_author("A. Measure");
  book.set_publisher("Yardstick & Sons");
  book.set_year(1999);
  return book;
}

class BookstoreWorkload : public Workload {
 public:
  explicit BookstoreWorkload(const WorkloadSettings& settings) : settings_(settings) {
    const std::string& name = settings.name;
    if (name == "list") {
      AddList();
    } else if (name == "create") {
      AddCreate();
    } else {
      keys_ = ReadLines(settings.keys_file);
      if (name == "get" || name == "mixed") AddGet();
      if (name == "reviews" || name == "mixed") AddReviews();
      if (name == "mixed") AddReview();
      if (name == "update") AddUpdate();
    }
    if (calls_.empty()) throw std::runtime_error("--case: there is no " + name);
  }

  Request Next() override {
    size_t kind = 0;
    if (calls_.size() > 1) {  // mixed
      const auto of_100 = random_() % 100;
      kind = of_100 < 80 ? 0 : of_100 < 95 ? 1 : 2;
    }
    const Calls& calls = calls_[kind];
    const auto key = static_cast<uint32_t>(keys_.empty() ? random_() : random_() % keys_.size());
    return {calls.headers, calls.messages[key % calls.messages.size()], key,
            static_cast<uint8_t>(kind)};
  }

  bool Check(const Request& request, std::string_view message) const override {
    switch (calls_[request.kind].expect) {
      case Calls::Expect::kKey:
        return Has(message, keys_[request.key]);
      case Calls::Expect::kTitle:
        return Has(message, "The Benchmark of Things");
      case Calls::Expect::kBooks:
        return Elements(message, "") == settings_.page_size;
      case Calls::Expect::kReviewsOfKey:
        return Elements(message, keys_[request.key]) >= 0;
    }
    return false;
  }

 private:
  // How many rows a list's answer has, its first field; -1 if one lacks `text`.
  static int Elements(std::string_view message, std::string_view text) {
    int count = 0;
    while (!message.empty() && message[0] == '\x0a') {
      size_t size = 0;
      size_t at = 1;
      for (int shift = 0; at < message.size(); shift += 7) {
        const auto byte = static_cast<uint8_t>(message[at++]);
        size |= size_t{byte & 0x7fU} << shift;
        if (byte < 0x80) break;
      }
      if (size > message.size() - at) return -1;
      if (!Has(message.substr(at, size), text)) return -1;
      message.remove_prefix(at + size);
      ++count;
    }
    return count;
  }

  Calls& Add(const std::string& method, Calls::Expect expect) {
    calls_.push_back(
        {RequestHeaders("/bookstore.v1." + method, settings_.authority, settings_.token),
         {},
         expect});
    return calls_.back();
  }

  void AddGet() {
    Calls& calls = Add("BookService/GetBook", Calls::Expect::kKey);
    GetBookRequest request;
    for (const std::string& key : keys_) {
      request.set_id(key);
      calls.Add(request);
    }
  }

  void AddList() {
    ListBooksRequest request;
    request.set_page_size(settings_.page_size);
    Calls& calls = Add("BookService/ListBooks", Calls::Expect::kBooks);
    if (settings_.page_tokens_file.empty()) return calls.Add(request);
    for (const std::string& token : ReadLines(settings_.page_tokens_file)) {
      request.set_page_token(token);
      calls.Add(request);
    }
  }

  void AddReviews() {
    Calls& calls = Add("ReviewService/ListReviews", Calls::Expect::kReviewsOfKey);
    ListReviewsRequest request;
    request.set_page_size(kReviews);
    for (const std::string& key : keys_) {
      request.set_book_id(key);
      calls.Add(request);
    }
  }

  void AddCreate() {
    CreateBookRequest request;
    *request.mutable_book() = SomeBook();
    Add("BookService/CreateBook", Calls::Expect::kTitle).Add(request);
  }

  void AddReview() {
    Calls& calls = Add("ReviewService/CreateReview", Calls::Expect::kKey);
    CreateReviewRequest request;
    request.mutable_review()->set_reviewer("M. Mixed");
    request.mutable_review()->set_rate(4);
    for (const std::string& key : keys_) {
      request.mutable_review()->set_book_id(key);
      calls.Add(request);
    }
  }

  void AddUpdate() {
    Calls& calls = Add("BookService/UpdateBook", Calls::Expect::kKey);
    UpdateBookRequest request;
    request.mutable_update_mask()->add_paths("year");
    for (const std::string& key : keys_) {
      request.mutable_book()->set_id(key);
      request.mutable_book()->set_year(1900 + static_cast<int>(calls.messages.size() % 100));
      calls.Add(request);
    }
  }

  const WorkloadSettings settings_;
  std::vector<std::string> keys_;
  std::vector<Calls> calls_;
  std::mt19937_64 random_{std::random_device()()};
};

}  // namespace

std::unique_ptr<Workload> MakeWorkload(const WorkloadSettings& settings) {
  return std::make_unique<BookstoreWorkload>(settings);
}

}  // namespace bench
