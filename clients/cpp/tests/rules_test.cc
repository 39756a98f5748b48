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
  int rows = 0;
  bool silent = false;

 private:
  grpc::Status Answer(grpc::ServerContext* context) {
    ++calls;
    for (auto [i, end] = context->client_metadata().equal_range("x-request-id"); i != end; ++i) {
      headers.emplace(i->second.data(), i->second.size());
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
