// The contract: the resources and methods that the engine serves. It is built once, at start,
// from descriptors, and read by the rest of the engine.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/method.h"
#include "contract/resource.h"
#include "contract/rules/validator.h"

namespace dataservice {

// Immutable once built; thread-safe. Descriptors must outlive it.
class Contract {
 public:
  // Builds the contract of the services and messages that `files` define.
  // Returns INVALID_ARGUMENT for a contract that contradicts itself or needs what the engine
  // does not support. Each line of the message names file, element and remedy.
  static absl::StatusOr<std::unique_ptr<Contract>> Build(
      const std::vector<const google::protobuf::FileDescriptor*>& files);

  // The same for files of the generated pool, by name, comma-separated.
  static absl::StatusOr<std::unique_ptr<Contract>> BuildFromGeneratedPool(
      std::string_view file_names);

  // In the order of the files; referenced resources before those that refer to
  // them where no cycle forbids it.
  const std::vector<std::unique_ptr<Resource>>& resources() const { return resources_; }
  const std::vector<std::unique_ptr<Method>>& methods() const { return methods_; }
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const {
    return services_;
  }

  const Resource* FindResource(const google::protobuf::Descriptor* message) const;

  // The rules of a message type of the contract.
  const Validator* FindValidator(const google::protobuf::Descriptor* message) const;

 private:
  friend class ContractBuilder;
  Contract() = default;

  std::vector<std::unique_ptr<Resource>> resources_;
  std::vector<std::unique_ptr<Method>> methods_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
  std::vector<std::pair<const google::protobuf::Descriptor*, std::unique_ptr<Validator>>>
      validators_;
};

}  // namespace dataservice
