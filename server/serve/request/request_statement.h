// The statement of a request.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "serve/execution/executor.h"
#include "serve/request/request_context.h"

namespace dataservice {

// The statement of a shape that was made of a request. PERMISSION_DENIED if the shape has a column
// that the call may not use (policy/shape_check.h): every handler gets the statement of what a
// request names here.
absl::StatusOr<std::shared_ptr<const Statement>> StatementOfRequest(const Shape& shape,
                                                                    const RequestContext& context,
                                                                    Executor& executor);

}  // namespace dataservice
