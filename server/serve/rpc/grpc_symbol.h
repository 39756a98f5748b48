// The functions of libgrpc that functions of this program take the place of.
#pragma once

#include <dlfcn.h>

namespace dataservice {

// libgrpc's function of that (mangled) name; null if it has none.
template <typename Function>
Function* Original(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

}  // namespace dataservice
