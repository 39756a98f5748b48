// Collects what is wrong with a contract, all at once.
#pragma once

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace dataservice {

// Not thread-safe: lives while a contract is built.
class Diagnostics {
 public:
  // `problem` says what is wrong and what to do about it.
  template <typename Descriptor>
  void Add(const Descriptor& element, std::string_view problem) {
    lines_.push_back(absl::StrCat(FileOf(element)->name(), ": ", element.full_name(), ": ",
                                  absl::string_view(problem.data(), problem.size())));
  }
  void AddLine(std::string line) { lines_.push_back(std::move(line)); }
  // Lines that are there already are not added: a message that several others
  // contain is looked at with each.
  void AddLines(std::string_view lines) {
    for (const auto line : absl::StrSplit(absl::string_view(lines.data(), lines.size()), '\n')) {
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
