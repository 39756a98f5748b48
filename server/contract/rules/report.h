// Collects violations. Paths are built only for a violation.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/value.h"
#include "contract/rules/violation.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

// A step of the path from the checked message to a value; allocated on the stack.
struct PathStep {
  const PathStep* parent;
  const google::protobuf::FieldDescriptor* field;
  // The index of an element of a list; negative for other values.
  int index = -1;
  // The entry of a map; null for other values.
  const Value* key = nullptr;
};

class Report {
 public:
  Report(std::string_view prefix, size_t limit, std::vector<Violation>* violations)
      : prefix_(prefix), limit_(violations->size() + limit), violations_(violations) {}

  // Whether the report has the maximum of violations and ignores further ones.
  bool full() const { return violations_->size() >= limit_; }
  // `last`, if not empty, is the name of a oneof of the value at `step`.
  void Add(const PathStep* step, const Verdict& verdict, std::string_view last = {});

  size_t size() const { return violations_->size(); }
  // Sorts the violations from `first` on, so that they do not depend on the order of a map.
  void Sort(size_t first);

 private:
  std::string_view prefix_;
  size_t limit_;
  std::vector<Violation>* violations_;
};

}  // namespace dataservice::rules
