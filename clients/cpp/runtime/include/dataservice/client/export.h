#ifndef DATASERVICE_CLIENT_EXPORT_H_
#define DATASERVICE_CLIENT_EXPORT_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "dataservice/client/attempts.h"
#include "dataservice/client/idle_watch.h"
#include "dataservice/client/progress.h"
#include "dataservice/client/rows.h"

namespace dataservice::client {

// Options of an export.
struct ExportOptions {
  // Receives the number of rows: after the first row, each second, and at the end.
  std::function<void(int64_t rows)> progress = {};
  // The longest time that the service may take for a row.
  absl::Duration idle = absl::Seconds(60);
  // Its deadline is that of the whole export; by default it has none.
  CallOptions call = {};
};

// Reads the rows of an export, no faster than they are used: gRPC's flow control makes the
// service wait. An export that fails before its first row is repeated; later it ends with the
// error.
template <class Row>
class ExportReader : public RowReader<Row> {
 public:
  using Open =
      std::function<std::unique_ptr<grpc::ClientReaderInterface<Row>>(grpc::ClientContext*)>;

  ExportReader(std::shared_ptr<const Connection> connection, const Method& method,
               ExportOptions options, Open open)
      : connection_(std::move(connection)),
        options_(std::move(options)),
        open_(std::move(open)),
        attempts_(*connection_, method, /*identified=*/false, options_.call),
        progress_(options_.progress) {
    if (options_.call.deadline) attempts_.LimitTo(*options_.call.deadline);
  }

  // Ends the call, if its rows are not read to the end.
  ~ExportReader() override {
    watch_.reset();
    if (stream_ != nullptr) stream_->Finish();
  }

  std::optional<absl::StatusOr<Row>> Next() override {
    while (!ended_) {
      if (!stream_) Begin();
      Row row;
      watch_->Begin();
      const bool has_row = stream_->Read(&row);
      watch_->End();
      if (has_row) {
        progress_.Add();
        return row;
      }
      if (std::optional<absl::Status> error = EndOfStream()) return *std::move(error);
    }
    return std::nullopt;
  }

 private:
  void Begin() {
    grpc::ClientContext* context = attempts_.Begin();
    watch_.emplace(context, options_.idle);
    stream_ = open_(context);
  }

  // Returns the error of the export; nothing if it is complete, or is to be repeated.
  std::optional<absl::Status> EndOfStream() {
    grpc::Status status = stream_->Finish();
    if (watch_->expired()) status = watch_->error();
    watch_.reset();
    stream_.reset();
    if (status.ok()) {
      ended_ = true;
      attempts_.Succeeded();
      progress_.End();
      return std::nullopt;
    }
    std::optional<absl::Status> error = attempts_.Failed(status, progress_.rows() == 0);
    ended_ = error.has_value();
    return error;
  }

  const std::shared_ptr<const Connection> connection_;
  const ExportOptions options_;
  const Open open_;
  Attempts attempts_;
  Progress progress_;
  std::optional<IdleWatch> watch_;
  std::unique_ptr<grpc::ClientReaderInterface<Row>> stream_;
  bool ended_ = false;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_EXPORT_H_
