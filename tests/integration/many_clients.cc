#include "many_clients.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

bool SaysCreated(const SerialCall& record) {
  return record.writes.size() == 1 && record.writes[0].kind != SerialWrite::kDelete &&
         record.what.find("Batch") == std::string::npos;
}

}  // namespace

ClientThread::ClientThread(const std::vector<Engine*>& engines, ClientTraffic& traffic)
    : traffic_(traffic) {
  for (Engine* engine : engines) {
    stubs_.push_back(std::make_unique<grpc::GenericStub>(engine->channel()));
  }
}

void ClientThread::Start(ClientCall ready) {
  auto call = std::make_unique<Call>();
  call->call = std::move(ready);
  call->context.set_deadline(std::chrono::system_clock::now() +
                             std::chrono::milliseconds(call->call.deadline_ms));
  const grpc::Slice slice(call->call.bytes);
  const grpc::ByteBuffer request(&slice, 1);
  auto& stub = *stubs_[started_++ % stubs_.size()];
  call->reader = stub.PrepareUnaryCall(&call->context, call->call.path, request, &queue_);
  call->call.record.invoked = Now();
  call->reader->StartCall();
  if (call->call.cancel) to_cancel_.push_back(call.get());
  Call* const sent = call.release();  // Finish() takes it back
  sent->reader->Finish(&sent->response, &sent->status, sent);
}

void ClientThread::Finish() {
  void* tag = nullptr;
  bool ok = false;
  queue_.Next(&tag, &ok);
  const SerialTime now = Now();
  const std::unique_ptr<Call> call(static_cast<Call*>(tag));
  std::erase(to_cancel_, call.get());
  // Those that were sent about one answer ago.
  for (Call* other : to_cancel_) other->context.TryCancel();
  to_cancel_.clear();
  call->call.record.returned = now;
  Note(*call);
}

void ClientThread::Note(Call& call) {
  SerialCall& record = call.call.record;
  if (!SetOutcome(call.status, record)) {
    unexpected_.push_back(absl::StrCat(record.what, ": ", call.status.error_code(), " ",
                                       call.status.error_message()));
  }
  if (record.outcome == SerialCall::kDone) {
    record.answer = BytesOf(call.response);
    if (SaysCreated(record)) {
      record.created = call.context.GetServerInitialMetadata().count("resource-created") > 0;
    }
    call.call.read(record.answer, record);
    traffic_.Answered(record);
    if (record.request_id.empty()) record.answer.clear();
  }
  history_.push_back(std::move(record));
}

void ClientThread::Run(std::vector<ClientCall> calls) {
  for (ClientCall& call : calls) {
    Start(std::move(call));
    Finish();
  }
}

void ClientThread::Run(int clients, int calls) {
  int under_way = 0;
  for (; calls > 0 || under_way > 0; --under_way) {
    for (; under_way < clients && calls > 0; ++under_way, --calls) Start(traffic_.Next());
    Finish();
  }
}

void ImportSamples(Engine& engine, ClientTraffic& traffic, int rows,
                   std::vector<SerialCall>& history) {
  using Request = types::v1::CreateSampleRequest;
  grpc::ClientContext context;
  types::v1::ImportSamplesResponse response;
  const grpc::internal::RpcMethod rpc("/types.v1.SampleService/ImportSamples",
                                      grpc::internal::RpcMethod::CLIENT_STREAMING);
  const std::unique_ptr<grpc::ClientWriter<Request>> writer(
      grpc::internal::ClientWriterFactory<Request>::Create(engine.channel().get(), rpc, &context,
                                                           &response));
  std::vector<SerialCall> records;
  for (int i = 0; i < rows; ++i) {
    auto [request, record] = traffic.NextImported();
    record.invoked = Now();
    EXPECT_TRUE(writer->Write(request));
    records.push_back(std::move(record));
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  const SerialTime returned = Now();
  EXPECT_TRUE(status.ok()) << status.error_message();
  for (SerialCall& record : records) {
    record.returned = returned;
    record.outcome = SerialCall::kDone;
  }
  EXPECT_EQ(response.failed_count(), response.failures_size());
  EXPECT_EQ(response.imported_count() + response.failed_count(), rows);
  for (const auto& failure : response.failures()) {
    const grpc::Status refused(static_cast<grpc::StatusCode>(failure.status().code()),
                               failure.status().message(), failure.status().SerializeAsString());
    EXPECT_TRUE(SetOutcome(refused, records[static_cast<size_t>(failure.position())]))
        << refused.error_message();
  }
  std::move(records.begin(), records.end(), std::back_inserter(history));
}

void ExportSamples(Engine& engine, ClientTraffic& traffic, std::vector<SerialCall>& history) {
  auto [request, record] = traffic.NextExport();
  grpc::ClientContext context;
  record.invoked = Now();
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, types::v1::Sample>(
      engine, "SampleService/ExportSamples", context, request);
  types::v1::Sample sample;
  while (reader->Read(&sample)) record.rows.push_back(RowOf(sample));
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  record.returned = Now();
  record.outcome = SerialCall::kDone;
  history.push_back(std::move(record));
}

}  // namespace dataservice::test
