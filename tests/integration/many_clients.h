// Many clients at once, each with one call under way, and the record of their calls.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "client_traffic.h"
#include "engine_fixture.h"

namespace dataservice::test {

// Clients of one thread: one completion queue for all their calls.
class ClientThread {
 public:
  // Both outlive it.
  ClientThread(const std::vector<Engine*>& engines, ClientTraffic& traffic);

  // Calls, one after the other.
  void Run(std::vector<ClientCall> calls);
  // So many clients at once, together so many calls.
  void Run(int clients, int calls);

  std::vector<SerialCall> TakeHistory() { return std::move(history_); }
  // Answers that no call should get.
  const std::vector<std::string>& unexpected() const { return unexpected_; }

 private:
  // A call under way; its address is its tag.
  struct Call {
    ClientCall call;
    grpc::ClientContext context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer response;
    grpc::Status status;
  };

  void Start(ClientCall call);
  // Waits for an answer, and notes it.
  void Finish();
  void Note(Call& call);

  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  ClientTraffic& traffic_;
  grpc::CompletionQueue queue_;
  size_t started_ = 0;
  std::vector<Call*> to_cancel_;
  std::vector<SerialCall> history_;
  std::vector<std::string> unexpected_;
};

// Streams so many samples to a server, and one export from it; both are noted
// row by row.
void ImportSamples(Engine& engine, ClientTraffic& traffic, int rows,
                   std::vector<SerialCall>& history);
void ExportSamples(Engine& engine, ClientTraffic& traffic, std::vector<SerialCall>& history);

}  // namespace dataservice::test
