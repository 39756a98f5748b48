// Custom methods (AIP-136): methods that are not standard ones and are written by hand. A
// file named in data_service(... HANDLERS file.cc) defines RegisterCustomMethods, which adds a
// function for each:
//
//   absl::StatusOr<MergeOrdersResponse> Merge(const MergeOrdersRequest& request,
//                                             CustomContext& context);
//
//   void RegisterCustomMethods(CustomMethods& methods) {
//     methods.Add<MergeOrdersRequest>("types.v1.OrderService.MergeOrders", Merge);
//   }
//
// A function runs on a worker and has the worker's connection to itself: it may wait for the
// database and for nothing else. Its request obeys its rules. As many functions run at once
// as there are workers.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "postgres/query_result.h"
#include "serve/execution/operation.h"
#include "serve/identity/caller.h"
#include "serve/policy/access.h"
#include "serve/request/handlers.h"

namespace dataservice {

// Standard methods by full name, "shop.v1.OrderService.GetOrder".
using HandlersByName = std::map<std::string, const OperationHandler*>;

// One call of a custom method. Belongs to the function that it is given to.
class CustomContext {
 public:
  CustomContext(Operation& operation, Connection& connection, Sink& sink,
                const RequestContext& request, const HandlersByName& standard)
      : operation_(operation),
        connection_(connection),
        sink_(sink),
        request_(request),
        standard_(standard) {}

  Operation::TimePoint deadline() const { return operation_.deadline; }
  // Whether nobody waits for the response any more.
  bool cancelled() const { return operation_.completion->cancelled(); }
  // Who calls, as the server verified it. Standard methods that the function calls have the
  // same caller, and what the policy permits it: they refuse fields that it may not use, and
  // their responses have none that is hidden from it. Query() has no such limits; the response of
  // the custom method has no hidden field either.
  const Caller& caller() const { return *request_.caller; }
  const Access& access() const { return *request_.access; }
  // Empty if there is none of that name (in lower case).
  std::string_view Metadata(const char* name) const;

  // Runs one statement, with parameters $1, $2, ... as text (give each a type:
  // $1::uuid), in a transaction of its own that commits at once. Write names with
  // their schema; no SET, no temporary table, nothing that outlives the statement.
  // The statement reads and writes what it names: on a resource with an owner
  // (storage.v1.Owner), compare the owner's column with the claim of caller() in every
  // statement, or use Call(), which is restricted to rows of the caller.
  // kYes: it may run any number of times, and runs again when the connection is lost while it runs.
  // If that is in vain, the error tells the caller that the call may be sent again
  // (DATABASE_UNAVAILABLE). Errors are those of standard methods; the database's own messages stay
  // in the log.
  absl::StatusOr<QueryResult> Query(const std::string& sql,
                                    const std::vector<std::string>& parameters,
                                    Retryable retryable = Retryable::kNo);

  // Calls a unary standard method of the contract, on this worker. A transaction
  // of its own.
  template <typename Response>
  absl::StatusOr<Response> Call(const std::string& method,
                                const google::protobuf::Message& request) {
    Response response;
    const absl::Status status = CallStandard(method, request, response);
    if (!status.ok()) return status;
    return response;
  }

 private:
  // CANCELLED or DEADLINE_EXCEEDED if nobody waits for the response any more; else OK.
  absl::Status CheckWaiting() const;
  absl::Status CallStandard(const std::string& method, const google::protobuf::Message& request,
                            google::protobuf::Message& response);

  Operation& operation_;
  Connection& connection_;
  Sink& sink_;
  const RequestContext& request_;
  const HandlersByName& standard_;
};

// The functions of a program. Not thread-safe; filled before it serves.
class CustomMethods {
 public:
  // Writes the response's bytes.
  using Function = std::function<absl::Status(const google::protobuf::Message& request,
                                              CustomContext& context, std::string& response)>;
  struct Entry {
    const google::protobuf::Descriptor* request;
    const google::protobuf::Descriptor* response;
    Function function;
  };

  // `method`: its full name, "shop.v1.OrderService.MergeOrders".
  template <typename Request, typename Response>
  void Add(const std::string& method,
           absl::StatusOr<Response> (*function)(const Request&, CustomContext&)) {
    entries_[method] = {Request::descriptor(), Response::descriptor(),
                        [function](const google::protobuf::Message& request, CustomContext& context,
                                   std::string& response) {
                          const absl::StatusOr<Response> answer =
                              function(static_cast<const Request&>(request), context);
                          if (answer.ok()) response = answer->SerializeAsString();
                          return answer.status();
                        }};
  }

  const std::map<std::string, Entry>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry> entries_;
};

// Defined by the program; data_service() without HANDLERS takes one that adds none.
void RegisterCustomMethods(CustomMethods& methods);

// Adds the handlers of the contract's custom methods to those of its standard ones.
// INVALID_ARGUMENT if a method has no function, or a function no method; each line of the
// message names one and the remedy. `methods` must outlive the handlers.
absl::Status AddCustomHandlers(const HandlerContext& context, const CustomMethods& methods,
                               Handlers& handlers);

}  // namespace dataservice
