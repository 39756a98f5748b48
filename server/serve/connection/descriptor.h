// A file descriptor that has one owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace dataservice {

class Descriptor {
 public:
  Descriptor() = default;
  // Takes the descriptor; a negative one is none.
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.Take()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Close();
    descriptor_ = other.Take();
    return *this;
  }
  ~Descriptor() { Close(); }

  bool exists() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  // The caller owns it afterwards.
  int Take() { return std::exchange(descriptor_, -1); }
  void Close() {
    if (exists()) close(Take());
  }

 private:
  int descriptor_ = -1;
};

}  // namespace dataservice
