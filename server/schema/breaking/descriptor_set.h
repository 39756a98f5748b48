// A contract in a file of descriptors (google.protobuf.FileDescriptorSet), as written by
// `protoc --include_imports -o` and `buf build`.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "schema/breaking/breaking.h"

namespace dataservice::breaking {

// Has a pool of its own, because files with the same names are linked into this program. Not
// thread-safe.
class DescriptorSet {
 public:
  // Reads the file `path`. INVALID_ARGUMENT, with the path, if it cannot be read, is not such a
  // set, lacks an imported file, or contains no contract.
  static absl::StatusOr<std::unique_ptr<DescriptorSet>> Read(const std::string& path);

  // The same for the bytes of a file.
  static absl::StatusOr<std::unique_ptr<DescriptorSet>> Parse(const std::string& bytes);

  // The contract of the files outside of google/, buf/ and storage/ that define a service or a
  // resource, built by the first call. If the engine of today refuses it, the version has a
  // refusal and no contract.
  const ContractVersion& version();

  // Builds the contract of exactly these files of the set, by name. INVALID_ARGUMENT if
  // the set lacks one, or the contract is not valid. The set must outlive the contract.
  absl::StatusOr<std::unique_ptr<Contract>> BuildContract(
      const std::vector<std::string>& names) const;

 private:
  DescriptorSet() = default;
  absl::Status Build(const google::protobuf::FileDescriptorSet& set);
  absl::Status FindFiles(const google::protobuf::FileDescriptorSet& set);

  google::protobuf::DescriptorPool pool_;
  std::unique_ptr<Contract> contract_;
  ContractVersion version_;
};

}  // namespace dataservice::breaking
