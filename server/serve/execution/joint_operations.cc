#include "serve/execution/joint_operations.h"

#include <algorithm>

#include "serve/execution/executor.h"

namespace dataservice {
namespace {

thread_local JointOperations* current = nullptr;

}  // namespace

JointOperations::JointOperations() { current = this; }

JointOperations::~JointOperations() {
  current = nullptr;
  for (auto& [executor, operations] : operations_) executor->SubmitAll(std::move(operations));
}

bool JointOperations::Add(Executor& executor, std::unique_ptr<Operation>& operation) {
  if (current == nullptr) return false;
  auto& all = current->operations_;
  auto entry = std::find_if(all.begin(), all.end(),
                            [&](const auto& each) { return each.first == &executor; });
  if (entry == all.end()) entry = all.emplace(all.end(), &executor, Batch());
  entry->second.push_back(std::move(operation));
  return true;
}

}  // namespace dataservice
