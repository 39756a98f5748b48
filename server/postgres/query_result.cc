#include "postgres/query_result.h"

#include <cstdlib>

namespace dataservice {

int64_t QueryResult::affected_rows() const {
  return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
}

}  // namespace dataservice
