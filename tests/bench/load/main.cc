// bench_load: loads the bookstore over gRPC and measures it. --help tells more.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "bookstore/v1/bookstore.pb.h"
#include "frames.h"
#include "import.h"
#include "loop.h"

namespace {

using namespace bench;

struct Flags {
  std::string target = "127.0.0.1:50051";
  WorkloadSettings workload;
  LoadSettings load;
  double seconds = 5;
  double warmup = 1;
  int pages = 1000;
  double idle = 5;
  int times = 5;
  uint64_t rows = 100000;
};

// The exit status if the server cannot keep up with --rate. tests/bench/measure knows it.
constexpr int kRateNotReached = 3;

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double Quantile(std::vector<uint32_t>& latencies, double q) {
  if (latencies.empty()) return 0;
  const auto at = static_cast<size_t>(q * static_cast<double>(latencies.size() - 1));
  std::nth_element(latencies.begin(), latencies.begin() + static_cast<ptrdiff_t>(at),
                   latencies.end());
  return latencies[at] / 1e3;
}

int Report(const Flags& flags, Measurement& m) {
  std::printf(
      "{\"case\": \"%s\", \"calls\": %llu, \"seconds\": %.3f, \"rate\": %.1f, \"errors\": %llu, "
      "\"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, \"cpu_seconds\": %.3f}\n",
      flags.workload.name.c_str(), static_cast<unsigned long long>(m.calls), m.seconds,
      m.seconds > 0 ? static_cast<double>(m.calls) / m.seconds : 0,
      static_cast<unsigned long long>(m.errors), Quantile(m.latencies, 0.5),
      Quantile(m.latencies, 0.99), Quantile(m.latencies, 1), CpuSeconds());
  return m.errors == 0 && m.calls > 0 ? 0 : 1;
}

Measurement FirstCalls(const Flags& flags, Loop& loop) {
  Measurement all;
  loop.Run();  // the warm-up
  for (int i = 0; i < flags.times; ++i) {
    std::this_thread::sleep_for(std::chrono::duration<double>(flags.idle));
    Measurement one = loop.One();
    all.calls += one.calls;
    all.errors += one.errors;
    all.latencies.insert(all.latencies.end(), one.latencies.begin(), one.latencies.end());
  }
  return all;
}

// Prints the tokens of the pages from the second to page `flags.pages` of all books.
void PrintPageTokens(const Flags& flags) {
  std::string token;
  bool broken = false;
  Connection connection(
      flags.load.host, flags.load.port, flags.load.tls, [&](const Answer& answer) {
        bookstore::v1::ListBooksResponse response;
        broken =
            answer.status != 0 || !response.ParseFromArray(answer.message.data(),
                                                           static_cast<int>(answer.message.size()));
        token = response.next_page_token();
        broken = broken || token.empty();
      });
  const std::string headers =
      RequestHeaders("/bookstore.v1.BookService/ListBooks", connection.authority());
  bookstore::v1::ListBooksRequest request;
  request.set_page_size(flags.workload.page_size);
  for (int page = 1; page < flags.pages; ++page) {
    request.set_page_token(token);
    token.clear();
    connection.Call(headers, PrefixedMessage(request.SerializeAsString()), 0);
    while (token.empty() && !broken) {
      connection.Flush();
      if (!connection.Receive()) broken = true;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    if (broken) throw std::runtime_error("a page cannot be read, or is the last one");
    std::printf("%s\n", token.c_str());
  }
}

// Calls over one connection: the server permits 256.
constexpr int kMaxCalls = 256;

int Run(Flags& flags) {
  const size_t colon = flags.target.rfind(':');
  flags.load.host = flags.target.substr(0, colon);
  flags.load.port = std::stoi(flags.target.substr(colon + 1));
  flags.load.duration = std::chrono::duration<double>(flags.seconds);
  flags.load.warmup = std::chrono::duration<double>(flags.warmup);
  flags.load.connections =
      std::max(flags.load.connections, (flags.load.concurrency + kMaxCalls - 1) / kMaxCalls);
  flags.workload.authority = flags.target;
  const std::string name = flags.workload.name;
  if (name == "page_tokens") {
    PrintPageTokens(flags);
    return 0;
  }
  if (name == "import") {
    Measurement imported = Import(flags.load, flags.rows);
    return Report(flags, imported);
  }
  if (name == "first_call") flags.workload.name = "get";
  const auto workload = MakeWorkload(flags.workload);
  flags.workload.name = name;
  if (name == "first_call") flags.load.concurrency = flags.load.connections = 1;
  Loop loop(flags.load, *workload);
  Measurement measurement = name == "first_call" ? FirstCalls(flags, loop) : loop.Run();
  return Report(flags, measurement);
}

}  // namespace

int main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Loads the bookstore over gRPC, checks every answer, and prints one JSON object.");
  app.option_defaults()->always_capture_default();
  app.add_option("--target", flags.target, "HOST:PORT, HOST an IPv4 address");
  app.add_option("--case", flags.workload.name,
                 "get, create, list, reviews, update, mixed, import, first_call or page_tokens")
      ->required();
  app.add_option("--keys", flags.workload.keys_file, "File with the ids of books, one a line");
  app.add_option("--token", flags.workload.token, "Bearer token of each call");
  app.add_option("--tls_ca", flags.load.tls.ca, "PEM file; the connections use mutual TLS then");
  app.add_option("--tls_certificate", flags.load.tls.certificate, "PEM file of the client");
  app.add_option("--tls_key", flags.load.tls.key, "PEM file of its key");
  app.add_option("--connections", flags.load.connections, "Connections, at least one for 256 calls")
      ->check(CLI::Range(1, 1000));
  app.add_option("--concurrency", flags.load.concurrency, "Calls under way over all connections")
      ->check(CLI::Range(1, 100000));
  app.add_option("--rate", flags.load.rate,
                 "Calls a second, whether earlier ones are over or not; 0: as --concurrency lets");
  app.add_option("--seconds", flags.seconds, "How long it is measured");
  app.add_option("--warmup", flags.warmup, "Seconds before that");
  app.add_option("--calls", flags.load.calls, "Ends after so many calls; 0: no limit");
  app.add_option("--page_size", flags.workload.page_size, "list: books of a page");
  app.add_option("--page_tokens", flags.workload.page_tokens_file,
                 "list: file with a token in each line, from which each call takes one at random");
  app.add_option("--pages", flags.pages, "page_tokens: the page whose token is printed last");
  app.add_option("--idle", flags.idle, "first_call: seconds of silence before the call");
  app.add_option("--times", flags.times, "first_call: how many");
  app.add_option("--rows", flags.rows, "import: how many");
  CLI11_PARSE(app, argc, argv);
  try {
    return Run(flags);
  } catch (const bench::RateNotReached& e) {
    std::fprintf(stderr, "bench_load: %s\n", e.what());
    return kRateNotReached;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_load: %s\n", e.what());
    return 2;
  }
}
