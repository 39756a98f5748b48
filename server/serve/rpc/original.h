// The functions of libraries that functions of this program take the place of.
#pragma once

#include <dlfcn.h>

#include <atomic>

namespace dataservice {

template <typename Signature>
class Original;

// The function of a (mangled) symbol in the library that has it. It is found when it is first
// needed, which may be before main(): an object of this class is constant-initialized.
// Thread-safe.
template <typename Result, typename... Arguments>
class Original<Result(Arguments...)> {
 public:
  constexpr explicit Original(const char* symbol) : symbol_(symbol) {}

  bool exists() { return Find() != nullptr; }
  // Calls the function, which exists.
  Result operator()(Arguments... arguments) { return Find()(arguments...); }

 private:
  using Function = Result(Arguments...);

  Function* Find() {
    Function* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol_));
      function_.store(function, std::memory_order_relaxed);
    }
    return function;
  }

  const char* const symbol_;
  std::atomic<Function*> function_{nullptr};
};

}  // namespace dataservice
