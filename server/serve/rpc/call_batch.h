// The messages of dataservice.v1.CallService (proto/dataservice/v1/calls.proto), read and
// written without a copy of each request and response.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "serve/request/unary.h"

namespace dataservice {

// Keys and values.
using CallMetadata = absl::InlinedVector<std::pair<std::string_view, std::string_view>, 4>;

// A Call. Its texts lie in the batch that it was read from.
struct CallParts {
  uint64_t id = 0;
  std::string_view method;
  std::string_view request;
  uint64_t timeout_us = 0;  // 0: none
  CallMetadata metadata;
};

// Reads a CallBatch: calls `begin` with each call and `cancel` with each id that is given
// up. False if the bytes are no CallBatch, or as soon as `begin` returns false.
bool ReadCallBatch(std::string_view batch, const std::function<bool(CallParts)>& begin,
                   const std::function<void(uint64_t id)>& cancel);

// Appends an Answer to the bytes of an AnswerBatch.
void AppendAnswer(uint64_t id, const Response& response, std::string& batch);
void AppendAnswer(uint64_t id, const absl::Status& error, std::string& batch);

}  // namespace dataservice
