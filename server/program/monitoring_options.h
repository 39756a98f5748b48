// The options of the server that say what operators see of it.
#pragma once

#include <CLI/CLI.hpp>

#include "program/options.h"
#include "serve/monitoring/monitor.h"

namespace dataservice {

inline void AddMonitoringOptions(CLI::App& app, MonitoringSettings& settings) {
  app.add_option(
      "--metrics_address", settings.metrics_address,
      "Where to serve /metrics, for Prometheus, such as 127.0.0.1:9465, /healthz and /readyz, "
      "for probes, and /debug, for clients of this machine only. It has no TLS: only "
      "--allow_cleartext permits an address that other machines reach. Default: nowhere");
  app.add_flag("--call_log", settings.calls.call_log,
               "Log a line for each call, or for the part of them that --log_sample is");
  app.add_option(
         "--log_sample", settings.calls.log_sample,
         "Part of the calls, from 0 to 1, that --call_log logs; gateways and servers choose "
         "the same traces")
      ->check(CLI::Range(0., 1.));
  AddDuration(
      app, "--slow_call", settings.calls.slow_call,
      "Log each unary call that takes longer, and each call that fails for a reason that is "
      "not its caller's, at most 50 in a second. 0: do not",
      absl::ZeroDuration(), absl::Hours(24));
  app.add_option("--otlp_endpoint", settings.otlp_endpoint,
                 "URL of an OpenTelemetry collector (OTLP/HTTP), such as http://127.0.0.1:4318, "
                 "that receives traces. Default: none")
      ->check([](const std::string& url) {
        const bool is_http = url.starts_with("http://") || url.starts_with("https://");
        return is_http ? std::string() : "must begin with http:// or https://";
      });
  app.add_option("--trace_sample", settings.calls.trace_sample,
                 "Part of the calls, from 0 to 1, that are traced if their caller does not decide "
                 "that")
      ->check(CLI::Range(0., 1.));
}

}  // namespace dataservice
