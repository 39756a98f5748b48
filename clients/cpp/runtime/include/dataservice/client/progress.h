#ifndef DATASERVICE_CLIENT_PROGRESS_H_
#define DATASERVICE_CLIENT_PROGRESS_H_

#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <utility>

namespace dataservice::client {

// Counts rows, and reports their number after the first one, each second, and at the end.
class Progress {
 public:
  explicit Progress(std::function<void(int64_t rows)> report) : report_(std::move(report)) {}

  void Add() {
    ++rows_;
    if (!report_) return;
    // A look at the clock costs less than a row.
    if (const absl::Time now = absl::Now(); now >= next_) {
      report_(rows_);
      next_ = now + absl::Seconds(1);
    }
  }

  void End() const {
    if (report_) report_(rows_);
  }

  int64_t rows() const { return rows_; }

 private:
  const std::function<void(int64_t)> report_;
  int64_t rows_ = 0;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_PROGRESS_H_
