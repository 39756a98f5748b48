// Collects the problems of a contract, so that all are reported at once.
#pragma once

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "view.h"

namespace dataservice {

// Not thread-safe; exists while a contract is built.
class Diagnostics {
 public:
  // `problem` says what is wrong and what to do about it.
  template <typename Descriptor>
  void Add(const Descriptor& element, std::string_view problem) {
    lines_.push_back(
        absl::StrCat(FileOf(element)->name(), ": ", element.full_name(), ": ", View(problem)));
  }
  void AddLine(std::string line) { lines_.push_back(std::move(line)); }
  // Adds each line that was not added before: a message type inside several others is checked
  // once for each of them.
  void AddLines(std::string_view lines) {
    for (const auto line : absl::StrSplit(View(lines), '\n')) {
      if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) lines_.emplace_back(line);
    }
  }

  size_t size() const { return lines_.size(); }
  bool empty() const { return lines_.empty(); }
  std::string Text() const { return absl::StrJoin(lines_, "\n"); }

 private:
  template <typename Descriptor>
  static const google::protobuf::FileDescriptor* FileOf(const Descriptor& element) {
    if constexpr (std::is_same_v<Descriptor, google::protobuf::MethodDescriptor>) {
      return element.service()->file();
    } else {
      return element.file();
    }
  }

  std::vector<std::string> lines_;
};

}  // namespace dataservice
