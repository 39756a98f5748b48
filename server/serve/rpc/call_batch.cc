#include "serve/rpc/call_batch.h"

#include <google/protobuf/io/coded_stream.h>

#include "serve/rpc/status.h"
#include "serve/values/wire.h"
#include "serve/values/wire_reader.h"

namespace dataservice {
namespace {

using google::protobuf::io::CodedOutputStream;

// Field numbers of proto/dataservice/v1/calls.proto.
enum BatchField { kCalls = 1, kCancelled = 2 };
enum CallField { kId = 1, kMethod = 2, kRequest = 3, kTimeout = 4, kMetadata = 5 };
enum AnswerField {
  kAnswers = 1,  // of the batch
  kAnswerId = 1,
  kCode = 2,
  kMessage = 3,
  kDetails = 4,
  kAnswerMetadata = 5,
  kResponse = 6
};
enum MetadataField { kKey = 1, kValue = 2 };

// Bytes of an answer beside its texts, about.
constexpr size_t kOverhead = 16;

bool ReadMetadata(std::string_view wire, CallParts& call) {
  std::pair<std::string_view, std::string_view> entry;
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (field.number == kKey) entry.first = field.bytes;
    if (field.number == kValue) entry.second = field.bytes;
  }
  call.metadata.push_back(entry);
  return reader.ok();
}

bool ReadCall(std::string_view wire, CallParts& call) {
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    switch (field.number) {
      case kId:
        call.id = field.value;
        break;
      case kMethod:
        call.method = field.bytes;
        break;
      case kRequest:
        call.request = field.bytes;
        break;
      case kTimeout:
        call.timeout_us = field.value;
        break;
      case kMetadata:
        if (!ReadMetadata(field.bytes, call)) return false;
        break;
      default:
        break;
    }
  }
  return reader.ok();
}

void AppendNumber(int number, uint64_t value, std::string& out) {
  uint8_t text[20];
  uint8_t* end = CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(number) << 3, text);
  end = CodedOutputStream::WriteVarint64ToArray(value, end);
  out.append(reinterpret_cast<const char*>(text), static_cast<size_t>(end - text));
}

void AppendMetadata(std::string_view key, std::string_view value, std::string& out) {
  OpenField entry(kAnswerMetadata, key.size() + value.size() + 4, out);
  AppendField(kKey, key, out);
  AppendField(kValue, value, out);
  entry.Close();
}

}  // namespace

bool ReadCallBatch(std::string_view batch, const std::function<bool(CallParts)>& begin,
                   const std::function<void(uint64_t id)>& cancel) {
  WireReader reader(batch);
  for (WireField field; reader.Next(field);) {
    if (field.number == kCancelled && field.type == WireType::kVarint) {
      cancel(field.value);
    } else if (field.number == kCalls && field.type == WireType::kBytes) {
      CallParts call;
      if (!ReadCall(field.bytes, call) || !begin(std::move(call))) return false;
    }
  }
  return reader.ok();
}

void AppendAnswer(uint64_t id, const Response& response, std::string& batch) {
  OpenField answer(kAnswers, response.message.size() + kOverhead, batch);
  AppendNumber(kAnswerId, id, batch);
  if (response.created) AppendMetadata("resource-created", "true", batch);
  AppendField(kResponse, response.message, batch);
  answer.Close();
}

void AppendAnswer(uint64_t id, const absl::Status& error, std::string& batch) {
  const grpc::Status status = ToGrpcStatus(error);
  OpenField answer(
      kAnswers, status.error_message().size() + status.error_details().size() + kOverhead, batch);
  AppendNumber(kAnswerId, id, batch);
  AppendNumber(kCode, static_cast<uint64_t>(status.error_code()), batch);
  AppendField(kMessage, status.error_message(), batch);
  AppendField(kDetails, status.error_details(), batch);
  answer.Close();
}

}  // namespace dataservice
