#include "serve/monitoring/span_exporter.h"

#include <gtest/gtest.h>

#include "serve/identity/http_server.h"

namespace dataservice::test {
namespace {

Span One() {
  const auto now = std::chrono::steady_clock::now();
  return {.name = "a \"name\"",
          .trace_id = std::string(32, 'a'),
          .span_id = std::string(16, 'b'),
          .parent_id = std::string(16, 'c'),
          .began = now - std::chrono::milliseconds(5),
          .ended = now,
          .attributes = {{"text", "x"}, {"number", int64_t{7}}, {"part", 0.5}}};
}

TEST(SpanExporter, SendsWhatWaitsAtTheEnd) {
  HttpServer collector;
  collector.Respond("200 OK", "{}");
  {
    SpanExporter exporter({.endpoint = collector.url().substr(0, collector.url().rfind('/'))});
    exporter.Add(One());
  }
  EXPECT_GE(collector.requests(), 1);
}

TEST(SpanExporter, CountsWhatTheCollectorDoesNotTake) {
  SpanExporter exporter({.endpoint = "http://127.0.0.1:1"});
  for (int i = 0; i < 10'000; ++i) exporter.Add(One());
  while (exporter.dropped() + exporter.sent() < 10'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(exporter.sent(), 0u);
}

}  // namespace
}  // namespace dataservice::test
