#include "serve/monitoring/prometheus_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "view.h"

namespace dataservice {
namespace {

std::string NumberText(double value) { return absl::StrFormat("%.15g", value); }

void AppendLabel(std::string_view name, std::string_view value, std::string& text) {
  if (text.back() != '{') text += ',';
  absl::StrAppend(&text, View(name), "=\"");
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  text += '"';
}

}  // namespace

void PrometheusText::Begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  absl::StrAppend(&text_, "# HELP ", View(name), " ", View(help), "\n# TYPE ", View(name), " ",
                  View(type), "\n");
}

void PrometheusText::AddLine(std::string_view suffix, MetricLabels labels, std::string_view bound,
                             double value) {
  absl::StrAppend(&text_, name_, View(suffix));
  if (labels.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const auto& [name, label] : labels) AppendLabel(name, label, text_);
    if (!bound.empty()) AppendLabel("le", bound, text_);
    text_ += '}';
  }
  absl::StrAppend(&text_, " ", NumberText(value), "\n");
}

void PrometheusText::Add(MetricLabels labels, double value) { AddLine("", labels, "", value); }

void PrometheusText::Counter(std::string_view name, std::string_view help, double value) {
  Begin(name, "counter", help);
  Add(value);
}

void PrometheusText::Gauge(std::string_view name, std::string_view help, double value) {
  Begin(name, "gauge", help);
  Add(value);
}

void PrometheusText::Add(MetricLabels labels, const Histograms& histograms,
                         const Histograms::Snapshot& snapshot, double scale) {
  uint64_t below = 0;
  for (size_t i = 0; i < histograms.bounds().size(); ++i) {
    below += snapshot.buckets[i];
    const double bound = static_cast<double>(histograms.bounds()[i]) * scale;
    AddLine("_bucket", labels, absl::StrFormat("%g", bound), static_cast<double>(below));
  }
  AddLine("_bucket", labels, "+Inf", static_cast<double>(snapshot.count));
  AddLine("_sum", labels, "", static_cast<double>(snapshot.sum) * scale);
  AddLine("_count", labels, "", static_cast<double>(snapshot.count));
}

}  // namespace dataservice
