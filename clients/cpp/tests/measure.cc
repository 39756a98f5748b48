// Prints calls a second and CPU a call of the client and of the bare stub: measure [SECONDS].
// One thread; the rounds of both take turns.

#include <absl/time/clock.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

#include "system.h"

namespace {

using bookstore_client::Book;

// Short rounds, so that other load meets both alike.
constexpr int kRounds = 101;

struct Figures {
  double calls_per_second, microseconds;
};

double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Figures Measure(const std::function<bool()>& call, double seconds) {
  const absl::Time begin = absl::Now();
  const double cpu = CpuSeconds();
  double calls = 0, taken = 0;
  while (taken < seconds) {
    if (!call()) std::abort();
    ++calls;
    taken = absl::ToDoubleSeconds(absl::Now() - begin);
  }
  return {calls / taken, (CpuSeconds() - cpu) / calls * 1e6};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Compare(const char* name, const std::function<bool()>& stub,
             const std::function<bool()>& client, double seconds) {
  std::vector<double> stub_rate, stub_cpu, client_rate, client_cpu, more;
  for (int i = 0; i < kRounds; ++i) {
    const Figures bare = Measure(stub, seconds / kRounds);
    const Figures own = Measure(client, seconds / kRounds);
    stub_rate.push_back(bare.calls_per_second);
    stub_cpu.push_back(bare.microseconds);
    client_rate.push_back(own.calls_per_second);
    client_cpu.push_back(own.microseconds);
    more.push_back(own.microseconds / bare.microseconds * 100 - 100);
  }
  std::printf("%s: stub %.0f/s %.0f us, client %.0f/s %.0f us, %+.0f %% CPU\n", name,
              Median(stub_rate), Median(stub_cpu), Median(client_rate), Median(client_cpu),
              Median(more));
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  const bookstore_client::Client client = Connect();
  const auto& books = client.books();
  const absl::StatusOr<Book> book = books.Create(Sample("Jane Austen"));
  if (!book.ok()) return 1;
  const auto deadline = [] { return absl::ToChronoTime(absl::Now() + absl::Seconds(30)); };
  Compare(
      "get",
      [&] {
        grpc::ClientContext context;
        context.set_deadline(deadline());
        bookstore_client::GetBookRequest request;
        request.set_id(book->id());
        Book read;
        return books.stub().GetBook(&context, request, &read).ok();
      },
      [&] { return books.Get(book->id()).ok(); }, seconds);
  Compare(
      "create",
      [&] {
        grpc::ClientContext context;
        context.set_deadline(deadline());
        bookstore_client::CreateBookRequest request;
        *request.mutable_book() = Sample("A");
        request.set_request_id(bookstore_client::NewRequestId());
        Book created;
        return books.stub().CreateBook(&context, request, &created).ok();
      },
      [&] { return books.Create(Sample("A")).ok(); }, seconds);
}
