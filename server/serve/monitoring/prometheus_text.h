// Prometheus's text format, version 0.0.4.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "serve/monitoring/histograms.h"

namespace dataservice {

using MetricLabels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Not thread-safe.
class PrometheusText {
 public:
  // Begins a metric, to which the samples that follow belong. `type` is "counter", "gauge" or
  // "histogram".
  void Begin(std::string_view name, std::string_view type, std::string_view help);
  void Add(MetricLabels labels, double value);
  void Add(double value) { Add({}, value); }
  // A metric with one sample.
  void Counter(std::string_view name, std::string_view help, double value);
  void Gauge(std::string_view name, std::string_view help, double value);
  // `scale` is the value of 1 in the unit of the metric.
  void Add(MetricLabels labels, const Histograms& histograms, const Histograms::Snapshot& snapshot,
           double scale);

  const std::string& text() const { return text_; }

 private:
  void AddLine(std::string_view suffix, MetricLabels labels, std::string_view bound, double value);

  std::string name_;
  std::string text_;
};

}  // namespace dataservice
