#include "serve/request/request_statement.h"

#include "serve/policy/shape_check.h"

namespace dataservice {

absl::StatusOr<std::shared_ptr<const Statement>> StatementOfRequest(const Shape& shape,
                                                                    const RequestContext& context,
                                                                    Executor& executor) {
  absl::Status status = CheckShape(shape, *context.access);
  if (!status.ok()) return status;
  return executor.StatementOf(shape);
}

}  // namespace dataservice
