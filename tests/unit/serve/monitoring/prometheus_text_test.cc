#include "serve/monitoring/prometheus_text.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace dataservice::test {
namespace {

TEST(PrometheusText, SamplesFollowTheirMetric) {
  PrometheusText text;
  text.Gauge("a", "First.", 0.5);
  text.Begin("b_total", "counter", "Second.");
  text.Add({{"method", "Get"}, {"code", "OK"}}, 3);
  EXPECT_EQ(text.text(),
            "# HELP a First.\n# TYPE a gauge\na 0.5\n"
            "# HELP b_total Second.\n# TYPE b_total counter\n"
            "b_total{method=\"Get\",code=\"OK\"} 3\n");
}

TEST(PrometheusText, LabelsAreEscaped) {
  PrometheusText text;
  text.Begin("a", "gauge", "A.");
  text.Add({{"x", "\"\\\n"}}, 1);
  EXPECT_TRUE(text.text().ends_with("a{x=\"\\\"\\\\\\n\"} 1\n")) << text.text();
}

TEST(PrometheusText, BucketsOfAHistogramAddUp) {
  Histograms histograms(2, {10, 100});
  for (const int64_t value : {1, 10, 11, 1000}) histograms.Observe(1, value);
  PrometheusText text;
  text.Begin("h", "histogram", "H.");
  text.Add({{"lane", "read"}}, histograms, histograms.Read(1), 0.1);
  EXPECT_EQ(text.text(),
            "# HELP h H.\n# TYPE h histogram\n"
            "h_bucket{lane=\"read\",le=\"1\"} 2\n"
            "h_bucket{lane=\"read\",le=\"10\"} 3\n"
            "h_bucket{lane=\"read\",le=\"+Inf\"} 4\n"
            "h_sum{lane=\"read\"} 102.2\n"
            "h_count{lane=\"read\"} 4\n");
  EXPECT_EQ(histograms.Read(0).count, 0u);
}

TEST(Histograms, ThreadsCountTogether) {
  Histograms histograms(1, {1});
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) histograms.Observe(0, j % 3);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histograms.Read(0).count, 20'000u);
  EXPECT_EQ(histograms.Read(0).sum, 20u * 999);
}

}  // namespace
}  // namespace dataservice::test
