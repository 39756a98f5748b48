// The functions of libraries that functions of this program take the place of.
#pragma once

#include <dlfcn.h>

namespace dataservice {

// The function of that (mangled) name of the library that has it; null if none has.
template <typename Function>
Function* Original(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

}  // namespace dataservice
