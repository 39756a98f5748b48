// The request of an export: which rows it asks for.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "contract/shape.h"
#include "serve/request/handlers.h"
#include "serve/request/json_response.h"
#include "serve/values/values.h"

namespace dataservice {

struct ExportQuery {
  // Of the first page.
  ExportShape shape;
  // The values of its columns and of its condition.
  Values values;
  // The form of its rows, if that is JSON.
  std::optional<JsonResponse> json;
  // What the caller may see of them.
  AccessPtr access = FullAccess();
};

// Immutable; thread-safe.
class ExportQueryParser {
 public:
  // All outlive it.
  ExportQueryParser(const HandlerContext& context, const Method& method);

  // The query of a request; INVALID_ARGUMENT with all violations.
  absl::StatusOr<ExportQuery> Parse(google::protobuf::io::ZeroCopyInputStream& bytes,
                                    const RequestContext& context) const;

  // "/package.Service/Method"
  const std::string& path() const { return method_.path; }

  // Removes from a row's message what is hidden from the caller, and gives its bytes the form that
  // the query asks for. INTERNAL, with the
  // reason in the log, if it has no such form.
  absl::Status Format(const ExportQuery& query, std::string& row) const;

 private:
  const Method& method_;
  const google::protobuf::FieldDescriptor* const filter_;  // or null
  Executor& executor_;
  const google::protobuf::Message& prototype_;
  const Validator& rules_;
  const JsonWriter json_;
};

}  // namespace dataservice
