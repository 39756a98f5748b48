#ifndef DATASERVICE_CLIENT_IMPORT_H_
#define DATASERVICE_CLIENT_IMPORT_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dataservice/client/call.h"
#include "dataservice/client/import_response.h"
#include "dataservice/client/row_source.h"

namespace dataservice::client {

// The number of rows of an import.
struct ImportResult {
  // The rows that were created.
  int64_t imported = 0;
  // The rows that were refused.
  int64_t refused = 0;
};

// Options of an import.
template <class Row>
struct ImportOptions {
  // Receives each row that the service refuses, in the order of the rows, with its position
  // (from 0).
  std::function<void(int64_t position, const Row& row, const absl::Status& error)> refused = {};
  // Receives the counts after each part that the service has confirmed.
  std::function<void(const ImportResult& result)> progress = {};
  // The number of rows that are sent and confirmed together. They are kept in memory until then.
  int chunk = 2000;
  // Its deadline is that of a chunk with its repetitions; by default 2 minutes.
  CallOptions call = {};
};

// Creates rows. Sends them in chunks, each in a stream of its own, and takes no further rows
// before the service has confirmed a chunk; within a stream, gRPC's flow control applies. Each
// row has a request_id: a chunk whose stream breaks is sent again, and each of its rows is
// created once. Rows that the service refuses are reported and skipped. Not thread-safe.
template <class Request, class Response, class Row>
class Importer {
 public:
  using Open = std::function<std::unique_ptr<grpc::ClientWriterInterface<Request>>(
      grpc::ClientContext*, Response*)>;
  // Returns the row of a request.
  using Body = Row* (*)(Request&);
  // Gives a request its request_id; null if the contract has none.
  using Identification = void (*)(Request&);

  Importer(std::shared_ptr<const Connection> connection, const Method& method,
           const ImportFields& fields, ImportOptions<Row> options, Open open, Body body,
           Identification identify)
      : connection_(std::move(connection)),
        method_(method),
        fields_(fields),
        options_(std::move(options)),
        open_(std::move(open)),
        body_(body),
        identify_(identify) {
    if (!options_.call.deadline) options_.call.deadline = absl::Minutes(2);
  }

  // Sends all rows of the source. Returns the error of the source, or that of a chunk that the
  // service does not confirm in time; rows of this chunk may have been created.
  absl::StatusOr<ImportResult> Run(const RowSource<Row>& source) {
    std::vector<Request> chunk;
    for (;;) {
      absl::StatusOr<std::optional<Row>> row = source();
      if (!row.ok()) return row.status();
      if (*row) {
        *body_(chunk.emplace_back()) = **std::move(row);
        if (identify_ != nullptr) identify_(chunk.back());
      }
      if (!*row || static_cast<int>(chunk.size()) >= options_.chunk) {
        if (absl::Status sent = Add(chunk); !sent.ok()) return sent;
        chunk.clear();
      }
      if (!*row) return result_;
    }
  }

 private:
  // Imports a chunk. A response lists the first refused rows only: if there are more, the rows
  // after the last one that is listed are sent again, with the same request_ids.
  absl::Status Add(std::vector<Request>& chunk) {
    const absl::Time deadline = absl::Now() + *options_.call.deadline;
    size_t begin = 0;
    while (begin < chunk.size()) {
      CallOptions call = options_.call;
      call.deadline = deadline - absl::Now();
      absl::StatusOr<Response> response = SendFrom(chunk, begin, call);
      if (!response.ok()) return response.status();
      absl::StatusOr<ImportResponse> read = ReadImportResponse(
          method_.name, *response, fields_, static_cast<int64_t>(chunk.size() - begin));
      if (!read.ok()) return read.status();
      Count(chunk, begin, *read);
      begin += static_cast<size_t>(read->done);
    }
    if (options_.progress && !chunk.empty()) options_.progress(result_);
    return absl::OkStatus();
  }

  absl::StatusOr<Response> SendFrom(const std::vector<Request>& chunk, size_t begin,
                                    const CallOptions& call) {
    const auto attempt = [&](grpc::ClientContext* context, Response* response) {
      response->Clear();
      std::unique_ptr<grpc::ClientWriterInterface<Request>> stream = open_(context, response);
      // A write fails if the service has ended the stream: Finish returns its error.
      for (size_t i = begin; i < chunk.size() && stream->Write(chunk[i]);) ++i;
      stream->WritesDone();
      return stream->Finish();
    };
    return Call<Response>(*connection_, method_, identify_ != nullptr, call, attempt);
  }

  void Count(std::vector<Request>& chunk, size_t begin, const ImportResponse& response) {
    const int64_t before = result_.imported + result_.refused;
    for (const ImportFailure& failure : response.failures) {
      Request& request = chunk[begin + static_cast<size_t>(failure.position)];
      if (options_.refused) {
        options_.refused(before + failure.position, *body_(request), failure.status);
      }
    }
    const auto refused = static_cast<int64_t>(response.failures.size());
    result_.refused += refused;
    result_.imported += response.done - refused;
  }

  const std::shared_ptr<const Connection> connection_;
  const Method& method_;
  const ImportFields& fields_;
  ImportOptions<Row> options_;
  const Open open_;
  const Body body_;
  const Identification identify_;
  ImportResult result_;
};

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_IMPORT_H_
