// Contracts written beside the expectations of a test.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "contract/contract.h"

namespace dataservice::test {

// The contract of a file `test/v1/test.proto` of package test.v1 whose body is
// given; the usual imports are there.
class InlineContract {
 public:
  explicit InlineContract(const std::string& body, const std::string& syntax = "proto3");

  // The contract of files of these names, whose texts ProtoText() makes of the bodies.
  explicit InlineContract(const std::map<std::string, std::string>& files);

  // Why it was refused; empty if it was not.
  std::string Refusal() const;
  const Contract& operator*() const { return **contract_; }
  const Contract* operator->() const { return contract_->get(); }
  const Resource& resource(int i = 0) const { return *(*contract_)->resources()[i]; }

 private:
  google::protobuf::DescriptorPool pool_{google::protobuf::DescriptorPool::generated_pool()};
  absl::StatusOr<std::unique_ptr<Contract>> contract_;
};

// The contracts that are linked in.
const Contract& ShippedContract();
const Contract& TypesContract();
const Contract& ValuesContract();
const Contract& OwnedContract();

}  // namespace dataservice::test
