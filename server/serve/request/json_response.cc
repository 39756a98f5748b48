#include "serve/request/json_response.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"
#include "log.h"
#include "serve/errors/errors.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// The fields of a path "a.b" that leads to a scalar; empty if there is no such path.
std::vector<const FieldDescriptor*> FieldsOf(absl::string_view path, const Descriptor& response) {
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* message = &response;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(std::string(name));
    if (field == nullptr || field->is_repeated()) return {};
    fields.push_back(field);
    message = field->message_type();
  }
  if (message != nullptr) return {};
  return fields;
}

absl::Status HasNoJson(const JsonWriter& writer, const std::string& problem) {
  const std::string id = NewLogId();
  LogError("response_has_no_json",
           {{"id", id}, {"message", writer.message().full_name()}, {"error", problem}});
  return Internal(id);
}

}  // namespace

absl::StatusOr<std::optional<JsonResponse>> ReadJsonResponse(const RequestContext& context,
                                                             const Descriptor& response) {
  if (context.metadata == nullptr) return std::nullopt;
  const auto part = context.metadata->Find("response-json");
  if (!part) return std::nullopt;
  JsonResponse asked;
  if (!part->empty()) {
    asked.part = response.FindFieldByName(std::string(*part));
    if (asked.part == nullptr) {
      return InvalidArgument("response-json", "value must be a field of the response");
    }
  }
  const std::string_view values = context.metadata->Metadata("response-values");
  if (values.empty()) return asked;
  for (const absl::string_view path : absl::StrSplit(View(values), ',')) {
    auto fields = FieldsOf(path, response);
    // Each field once: the header is not larger than the message.
    if (fields.empty() || std::ranges::find(asked.values, fields) != asked.values.end()) {
      return InvalidArgument("response-values",
                             "value must be scalar fields of the response, each of them once");
    }
    asked.values.push_back(std::move(fields));
  }
  return asked;
}

absl::Status WriteJson(const JsonWriter& writer, const JsonResponse& asked,
                       const WrittenFields& fields, std::string& message,
                       std::vector<std::string>& values) {
  std::string problem;
  for (const auto& path : asked.values) {
    if (!writer.AppendText(message, path, values.emplace_back(), problem)) {
      return HasNoJson(writer, problem);
    }
  }
  std::string text;
  text.reserve(2 * message.size() + fields.elements.text.size() + 64);
  if (!writer.Append(message, asked.part, fields, text, problem)) {
    return HasNoJson(writer, problem);
  }
  message = std::move(text);
  return absl::OkStatus();
}

}  // namespace dataservice
