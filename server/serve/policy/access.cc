#include "serve/policy/access.h"

namespace dataservice {

const AccessPtr& FullAccess() {
  static const AccessPtr& full = *new AccessPtr(std::make_shared<Access>());
  return full;
}

}  // namespace dataservice
