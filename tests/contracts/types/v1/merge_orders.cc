// A custom method: SQL of its own, and a standard method. Two transactions, of
// which the first may be repeated, so that a call that failed between them can
// be sent again.
#include <google/protobuf/empty.pb.h>

#include "serve/custom/custom_methods.h"
#include "serve/errors/errors.h"
#include "types/v1/types.pb.h"

namespace dataservice {
namespace {

using types::v1::MergeOrdersRequest;
using types::v1::MergeOrdersResponse;

absl::StatusOr<MergeOrdersResponse> Merge(const MergeOrdersRequest& request,
                                          CustomContext& context) {
  if (request.code() == request.into_code()) {
    return InvalidArgument("into_code", "must be another order");
  }
  const auto moved = context.Query(
      "UPDATE types.sample SET order_code = $2::text, update_time = greatest(clock_timestamp(), "
      "update_time + interval '1 microsecond') WHERE order_code = $1::text",
      {request.code(), request.into_code()}, Retryable::kYes);
  if (!moved.ok()) return moved.status();
  types::v1::DeleteOrderRequest deletion;
  deletion.set_code(request.code());
  const auto deleted =
      context.Call<google::protobuf::Empty>("types.v1.OrderService.DeleteOrder", deletion);
  if (!deleted.ok()) return deleted.status();
  MergeOrdersResponse response;
  response.set_moved_count(static_cast<int64_t>(moved->affected_rows()));
  return response;
}

}  // namespace

void RegisterCustomMethods(CustomMethods& methods) {
  methods.Add("types.v1.OrderService.MergeOrders", Merge);
}

}  // namespace dataservice
