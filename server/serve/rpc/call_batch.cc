#include "serve/rpc/call_batch.h"

#include "dataservice/v1/calls.pb.h"
#include "serve/request/read_consistency.h"
#include "serve/rpc/status.h"
#include "serve/values/wire.h"
#include "serve/values/wire_reader.h"

namespace dataservice {
namespace {

// Bytes of an answer beside its texts, about.
constexpr size_t kOverhead = 16;
// Metadata of a call. Gateways send a dozen.
constexpr size_t kMaxMetadata = 256;

bool ReadMetadata(std::string_view wire, CallParts& call) {
  std::pair<std::string_view, std::string_view> entry;
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (field.number == v1::Metadata::kKeyFieldNumber) entry.first = field.bytes;
    if (field.number == v1::Metadata::kValueFieldNumber) entry.second = field.bytes;
  }
  call.metadata.push_back(entry);
  return reader.ok();
}

bool ReadCall(std::string_view wire, CallParts& call) {
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    switch (field.number) {
      case v1::Call::kIdFieldNumber:
        call.id = field.value;
        break;
      case v1::Call::kMethodFieldNumber:
        call.method = field.bytes;
        break;
      case v1::Call::kRequestFieldNumber:
        call.request = field.bytes;
        break;
      case v1::Call::kTimeoutUsFieldNumber:
        call.timeout_us = field.value;
        break;
      case v1::Call::kMetadataFieldNumber:
        if (call.metadata.size() >= kMaxMetadata || !ReadMetadata(field.bytes, call)) return false;
        break;
      default:
        break;
    }
  }
  return reader.ok();
}

void AppendMetadata(std::string_view key, std::string_view value, std::string& out) {
  OpenField entry(v1::Answer::kMetadataFieldNumber, key.size() + value.size() + 4, out);
  AppendField(v1::Metadata::kKeyFieldNumber, key, out);
  AppendField(v1::Metadata::kValueFieldNumber, value, out);
  entry.Close();
}

}  // namespace

bool ReadCallBatch(std::string_view batch, const std::function<bool(CallParts)>& begin,
                   const std::function<void(uint64_t id)>& cancel) {
  WireReader reader(batch);
  for (WireField field; reader.Next(field);) {
    if (field.number == v1::CallBatch::kCancelledFieldNumber && field.type == WireType::kVarint) {
      cancel(field.value);
    } else if (field.number == v1::CallBatch::kCallsFieldNumber && field.type == WireType::kBytes) {
      CallParts call;
      if (!ReadCall(field.bytes, call) || !begin(std::move(call))) return false;
    }
  }
  return reader.ok();
}

void AppendAnswer(uint64_t id, const Response& response, std::string& batch) {
  OpenField answer(v1::AnswerBatch::kAnswersFieldNumber, response.message.size() + kOverhead,
                   batch);
  AppendVarint(v1::Answer::kIdFieldNumber, id, batch);
  if (response.created) AppendMetadata("resource-created", "true", batch);
  for (const std::string& value : response.values) {
    AppendMetadata(kResponseValueKey, value, batch);
  }
  if (response.from_reader) AppendMetadata(kReadConsistencyKey, kEventual, batch);
  if (!response.consistency_token.empty()) {
    AppendMetadata(kConsistencyTokenKey, response.consistency_token, batch);
  }
  AppendField(v1::Answer::kResponseFieldNumber, response.message, batch);
  answer.Close();
}

void AppendAnswer(uint64_t id, const absl::Status& error, std::string& batch) {
  const grpc::Status status = ToGrpcStatus(error);
  OpenField answer(v1::AnswerBatch::kAnswersFieldNumber,
                   status.error_message().size() + status.error_details().size() + kOverhead,
                   batch);
  AppendVarint(v1::Answer::kIdFieldNumber, id, batch);
  AppendVarint(v1::Answer::kCodeFieldNumber, static_cast<uint64_t>(status.error_code()), batch);
  AppendField(v1::Answer::kMessageFieldNumber, status.error_message(), batch);
  AppendField(v1::Answer::kDetailsFieldNumber, status.error_details(), batch);
  answer.Close();
}

}  // namespace dataservice
