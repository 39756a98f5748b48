// Collects violations; paths are built only when there is one.
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

// A step on the way from the checked message to a value; lives on the stack.
struct PathStep {
  const PathStep* parent;
  const google::protobuf::FieldDescriptor* field;
  // Of an element of a list, else negative.
  int index = -1;
  // Of an entry of a map, else null.
  const Value* key = nullptr;
};

class Report {
 public:
  Report(std::string_view prefix, size_t limit, std::vector<Violation>* violations)
      : prefix_(prefix), limit_(violations->size() + limit), violations_(violations) {}

  // Nothing more is taken.
  bool full() const { return violations_->size() >= limit_; }
  // `last`, if not empty, names a part of the value at `step` that is no field: a oneof.
  void Add(const PathStep* step, const Verdict& verdict, std::string_view last = {});

  size_t size() const { return violations_->size(); }
  // Gives the violations from `first` on an order that does not depend on the order of
  // a map.
  void Sort(size_t first);

 private:
  std::string_view prefix_;
  size_t limit_;
  std::vector<Violation>* violations_;
};

}  // namespace dataservice::rules
