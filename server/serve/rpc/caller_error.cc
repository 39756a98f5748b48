#include "serve/rpc/caller_error.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "google/rpc/error_details.pb.h"
#include "log.h"
#include "serve/errors/details.h"

namespace dataservice {
namespace {

constexpr size_t kMaxIdBytes = 128;

bool IsRequestId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
}

}  // namespace

absl::Status CallerError(std::string_view x_request_id, const absl::Status& error) {
  google::rpc::RequestInfo info;
  if (error.ok() || !IsRequestId(x_request_id) || !FindDetail(error, info)) return error;
  LogError("error_returned", {{"id", info.request_id()}, {"x_request_id", x_request_id}});
  info.set_request_id(std::string(x_request_id));
  absl::Status named = error;
  AddDetail(named, info);
  return named;
}

}  // namespace dataservice
