// Which calls are repeated: a server that answers what a test needs.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/clock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "system.h"

namespace bookstore_client {
namespace {

// Returns a status with details of the service.
template <class... Details>
grpc::Status Failed(grpc::StatusCode code, const Details&... details) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("no");
  (status.add_details()->PackFrom(details), ...);
  return grpc::Status(code, "no", status.SerializeAsString());
}

google::rpc::RetryInfo After(int milliseconds) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_nanos(milliseconds * 1'000'000);
  return info;
}

google::rpc::ErrorInfo Reason(const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("dataservice");
  return info;
}

// Fails as often as the test says, and then succeeds.
class Service : public bookstore::v1::BookService::Service {
 public:
  grpc::Status CreateBook(grpc::ServerContext* context, const CreateBookRequest* request,
                          Book* response) override {
    absl::MutexLock lock(&mutex_);
    ids.insert(request->request_id());
    *response = request->book();
    return Answer(context);
  }
  grpc::Status GetBook(grpc::ServerContext* context, const GetBookRequest*, Book*) override {
    absl::MutexLock lock(&mutex_);
    return Answer(context);
  }
  grpc::Status BatchGetBooks(grpc::ServerContext* context, const BatchGetBooksRequest*,
                             BatchGetBooksResponse*) override {
    absl::MutexLock lock(&mutex_);
    return Answer(context);
  }
  grpc::Status UpdateBook(grpc::ServerContext* context, const UpdateBookRequest* request,
                          Book* response) override {
    absl::MutexLock lock(&mutex_);
    *response = request->book();
    return Answer(context);
  }
  // Two pages.
  grpc::Status ListBooks(grpc::ServerContext* context, const ListBooksRequest* request,
                         ListBooksResponse* response) override {
    absl::MutexLock lock(&mutex_);
    response->add_books();
    if (request->page_token().empty()) response->set_next_page_token("2");
    return Answer(context);
  }
  grpc::Status ExportBooks(grpc::ServerContext* context, const ExportBooksRequest*,
                           grpc::ServerWriter<Book>* writer) override {
    for (int n = 0; n < rows; ++n) writer->Write(Book());
    while (silent && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    absl::MutexLock lock(&mutex_);
    return Answer(context);
  }

  std::deque<grpc::Status> failures;
  int calls = 0;
  // The request_id of creations, and x-request-id.
  std::set<std::string> ids, headers;
  // The read-consistency of each call; empty: it had none.
  std::vector<std::string> consistencies;
  int rows = 0;
  bool silent = false;

 private:
  grpc::Status Answer(grpc::ServerContext* context) {
    ++calls;
    for (auto [i, end] = context->client_metadata().equal_range("x-request-id"); i != end; ++i) {
      headers.emplace(i->second.data(), i->second.size());
    }
    const auto consistency = context->client_metadata().find("read-consistency");
    consistencies.emplace_back();
    if (consistency != context->client_metadata().end()) {
      consistencies.back().assign(consistency->second.data(), consistency->second.size());
    }
    if (failures.empty()) return grpc::Status::OK;
    grpc::Status status = failures.front();
    failures.pop_front();
    return status;
  }

  absl::Mutex mutex_;
};

// Records what a client tells it.
class Recorder : public Telemetry {
 public:
  std::unique_ptr<CallObserver> Begin(absl::string_view method, absl::string_view) override {
    class Observer : public CallObserver {
     public:
      explicit Observer(std::string* log) : log_(log) {}
      void Repeated(absl::Duration) override { *log_ += " repeated"; }
      void End(absl::StatusCode code, absl::string_view error) override {
        *log_ += " " + absl::StatusCodeToString(code) + " " + std::string(error) + ";";
      }

     private:
      std::string* const log_;
    };
    log += std::string(method);
    return std::make_unique<Observer>(&log);
  }

  std::string log;
};

class Rules : public testing::Test {
 protected:
  void SetUp() override {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ConnectOptions options;
    options.cleartext = true;
    options.deadline = absl::Seconds(5);
    options.retry = {4, absl::Milliseconds(10), absl::Milliseconds(100)};
    options.telemetry = recorder_;
    client_.emplace(*Client::Connect("127.0.0.1:" + std::to_string(port), options));
  }

  const Books& books() const { return client_->books(); }

  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();
  std::optional<Client> client_;
};

TEST_F(Rules, AWriteIsRepeatedWithTheSameRequestId) {
  service_.failures = {Failed(grpc::UNAVAILABLE), Failed(grpc::UNAVAILABLE)};
  EXPECT_TRUE(books().Create(Book()).ok());
  EXPECT_EQ(service_.calls, 3);
  EXPECT_EQ(service_.ids.size(), 1u);
  EXPECT_EQ(service_.headers.size(), 1u);
  EXPECT_TRUE(books().Create(Book()).ok());
  EXPECT_EQ(service_.ids.size(), 2u);
  EXPECT_EQ(service_.headers.size(), 2u);
  EXPECT_EQ(recorder_->log,
            "bookstore.v1.BookService/CreateBook repeated repeated OK ;"
            "bookstore.v1.BookService/CreateBook OK ;");
}

// Returns the limit of a read-consistency; InfiniteDuration if it has none.
absl::Duration MaxStalenessOf(const std::string& consistency) {
  const std::string begin = "eventual; max-staleness=";
  if (consistency == "eventual") return absl::InfiniteDuration();
  EXPECT_EQ(consistency.substr(0, begin.size()), begin);
  absl::Duration limit;
  EXPECT_TRUE(absl::ParseDuration(consistency.substr(begin.size()), &limit)) << consistency;
  return limit;
}

void ReadAll(const Books& books) {
  EXPECT_TRUE(books.Get("a").ok());
  EXPECT_TRUE(books.BatchGet(BatchGetBooksRequest()).ok());
  for (absl::StatusOr<Book>& book : books.List()) EXPECT_TRUE(book.ok());
  for (absl::StatusOr<Book>& book : books.Export()) EXPECT_TRUE(book.ok());
}

constexpr size_t kReads = 5;  // of ReadAll

TEST_F(Rules, ReadsAreEventualOnlyIfTheyShallBe) {
  ReadAll(books());
  EXPECT_EQ(service_.consistencies, std::vector<std::string>(kReads));
  service_.consistencies.clear();
  ReadAll(client_->Eventual().books());
  EXPECT_EQ(service_.consistencies, std::vector<std::string>(kReads, "eventual"));
  service_.consistencies.clear();
  ReadAll(client_->Eventual(absl::Milliseconds(250)).books());
  EXPECT_EQ(service_.consistencies,
            std::vector<std::string>(kReads, "eventual; max-staleness=250000us"));
}

TEST_F(Rules, EventualReadsSeeTheWritesOfTheirClient) {
  const Client eventual = client_->Eventual();
  const Client before = eventual.Eventual(absl::Hours(1));
  ASSERT_TRUE(books().Create(Book()).ok());
  const absl::Time ended = absl::Now();
  service_.consistencies.clear();
  absl::SleepFor(absl::Milliseconds(20));
  ReadAll(eventual.books());
  ReadAll(before.books());
  ReadAll(client_->Eventual(absl::Microseconds(7)).books());
  const absl::Duration most = absl::Now() - ended;
  ASSERT_EQ(service_.consistencies.size(), 3 * kReads);
  for (size_t i = 0; i < 2 * kReads; ++i) {
    const absl::Duration limit = MaxStalenessOf(service_.consistencies[i]);
    EXPECT_GE(limit, absl::Milliseconds(20));
    // Between the end of the write and the first clock of the test time can pass.
    EXPECT_LE(limit, most + absl::Seconds(5));
  }
  for (size_t i = 2 * kReads; i < 3 * kReads; ++i) {
    EXPECT_EQ(service_.consistencies[i], "eventual; max-staleness=7us");
  }
}

TEST_F(Rules, AWriteThatFailsCountsToo) {
  service_.failures = {Failed(grpc::INVALID_ARGUMENT)};
  const Client eventual = client_->Eventual();
  EXPECT_FALSE(eventual.books().Create(Book()).ok());
  EXPECT_TRUE(eventual.books().Get("a").ok());
  EXPECT_LT(MaxStalenessOf(service_.consistencies.back()), absl::InfiniteDuration());
}

TEST_F(Rules, ARepeatedReadHasANewLimit) {
  const Client eventual = client_->Eventual();
  ASSERT_TRUE(eventual.books().Create(Book()).ok());
  service_.consistencies.clear();
  service_.failures = {Failed(grpc::UNAVAILABLE, After(20))};
  EXPECT_TRUE(eventual.books().Get("a").ok());
  ASSERT_EQ(service_.consistencies.size(), 2u);
  EXPECT_GE(MaxStalenessOf(service_.consistencies[1]),
            MaxStalenessOf(service_.consistencies[0]) + absl::Milliseconds(20));
}

TEST_F(Rules, AnUpdateByAFunctionReadsTheLatestRow) {
  const Client eventual = client_->Eventual();
  EXPECT_TRUE(eventual.books().Update("a", [](Book& book) { book.set_year(1816); }).ok());
  EXPECT_EQ(service_.consistencies, std::vector<std::string>(2));
}

TEST_F(Rules, AnyMaxStalenessCanBeSent) {
  ASSERT_TRUE(client_->Eventual(absl::Hours(1000000)).books().Get("a").ok());
  ASSERT_TRUE(client_->Eventual(-absl::Seconds(1)).books().Get("a").ok());
  ASSERT_TRUE(client_->Eventual(-absl::InfiniteDuration()).books().Get("a").ok());
  EXPECT_EQ(
      service_.consistencies,
      (std::vector<std::string>{"eventual; max-staleness=86400000000us",
                                "eventual; max-staleness=0us", "eventual; max-staleness=0us"}));
}

TEST_F(Rules, OnlyWhatThePermittedErrorsSayIsRepeated) {
  for (grpc::StatusCode code : {grpc::INTERNAL, grpc::INVALID_ARGUMENT, grpc::ABORTED,
                                grpc::RESOURCE_EXHAUSTED, grpc::DEADLINE_EXCEEDED}) {
    service_.calls = 0;
    service_.failures = {Failed(code)};
    EXPECT_EQ(books().Get("a").status().code(), static_cast<absl::StatusCode>(code));
    EXPECT_EQ(service_.calls, 1);
  }
}

TEST_F(Rules, ABrokenConnectionIsUnavailable) {
  // The transport adds no details.
  const grpc::Status removed(grpc::UNKNOWN, "Stream removed");
  const grpc::Status reset(grpc::INTERNAL, "Received RST_STREAM with error code 2");
  service_.failures = {removed, reset};
  EXPECT_TRUE(books().Create(Book()).ok());
  EXPECT_EQ(service_.calls, 3);
  EXPECT_EQ(service_.ids.size(), 1u);
  for (const grpc::Status& broken : {removed, reset}) {
    service_.failures.assign(4, broken);
    const absl::Status write = books().Create(Book()).status();
    EXPECT_TRUE(ErrorAs<OutcomeUnknown>(write)) << write;
    EXPECT_TRUE(absl::IsUnavailable(write)) << write;
  }
}

TEST_F(Rules, AnInternalErrorAfterALostConnectionLeavesTheOutcomeUnknown) {
  service_.failures = {Failed(grpc::UNAVAILABLE), Failed(grpc::INTERNAL, Reason("ROW_UNREADABLE"))};
  const absl::Status unknown = books().Create(Book()).status();
  EXPECT_TRUE(ErrorAs<OutcomeUnknown>(unknown)) << unknown;
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(Rules, ThePauseOfTheServiceIsHonoured) {
  service_.failures = {Failed(grpc::RESOURCE_EXHAUSTED, Reason("QUEUE_FULL"), After(300))};
  const absl::Time start = absl::Now();
  EXPECT_TRUE(books().Create(Book()).ok());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(300));
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(Rules, ACallIsNotRepeatedAfterItsDeadline) {
  service_.failures = {Failed(grpc::RESOURCE_EXHAUSTED, Reason("QUEUE_FULL"), After(900))};
  CallOptions options;
  options.deadline = absl::Milliseconds(500);
  const absl::Time start = absl::Now();
  const absl::Status status = books().Get("a", options).status();
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(400));
  const auto busy = ErrorAs<TooBusy>(status);
  ASSERT_TRUE(busy) << status;
  EXPECT_EQ(busy->retry_after, absl::Milliseconds(900));
  EXPECT_EQ(busy->reason, "QUEUE_FULL");
}

TEST_F(Rules, AttemptsAreBounded) {
  service_.failures.assign(10, Failed(grpc::UNAVAILABLE));
  const absl::Status status = books().Get("a").status();
  EXPECT_EQ(service_.calls, 4);
  EXPECT_EQ(ErrorAs<Error>(status)->attempts, 4);
  EXPECT_NE(status.message().find("[4 attempts]"), absl::string_view::npos) << status;
}

TEST_F(Rules, TheOutcomeOfAWriteStaysUnknown) {
  service_.failures = {Failed(grpc::UNAVAILABLE, Reason("OUTCOME_UNKNOWN")),
                       Failed(grpc::UNAUTHENTICATED)};
  const absl::Status unknown = books().Create(Book()).status();
  EXPECT_TRUE(ErrorAs<OutcomeUnknown>(unknown)) << unknown;
  EXPECT_EQ(service_.calls, 2);
  // The service has an answer: nothing was created.
  service_.failures = {Failed(grpc::UNAVAILABLE), Failed(grpc::INVALID_ARGUMENT)};
  EXPECT_TRUE(ErrorAs<InvalidArgument>(books().Create(Book()).status()));
  // The service has not begun.
  service_.failures.assign(4, Failed(grpc::UNAVAILABLE, Reason("SHUTTING_DOWN"), After(1)));
  EXPECT_FALSE(ErrorAs<OutcomeUnknown>(books().Create(Book()).status()));
}

TEST_F(Rules, AnExportIsRepeatedBeforeItsFirstRowOnly) {
  service_.failures = {Failed(grpc::UNAVAILABLE)};
  for (absl::StatusOr<Book>& book : books().Export()) FAIL() << book.status();
  EXPECT_EQ(service_.calls, 2);
  service_.rows = 2;
  service_.failures = {Failed(grpc::UNAVAILABLE)};
  std::vector<bool> elements;
  for (absl::StatusOr<Book>& book : books().Export()) elements.push_back(book.ok());
  EXPECT_EQ(elements, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(service_.calls, 3);
}

TEST_F(Rules, AnExportThatSendsNothingEnds) {
  service_.rows = 1;
  service_.silent = true;
  ExportOptions options;
  options.idle = absl::Milliseconds(200);
  absl::Status last;
  for (absl::StatusOr<Book>& book : books().Export({}, options)) last = book.status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(last)) << last;
}

}  // namespace
}  // namespace bookstore_client
