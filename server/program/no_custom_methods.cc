// For services whose methods are all standard ones.
#include "serve/custom/custom_methods.h"

namespace dataservice {

void RegisterCustomMethods(CustomMethods&) {}

}  // namespace dataservice
