#include "schema/breaking/descriptor_set.h"

#include <map>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "read_file.h"
#include "schema/breaking/types.h"
#include "storage/v1/storage.pb.h"

namespace dataservice::breaking {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

namespace {

// Bytes of a descriptor set.
constexpr size_t kMaxBytes = 256 * 1024 * 1024;

// Keeps the first error that the pool reports.
class FirstError : public google::protobuf::DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& filename, const std::string& element,
                const google::protobuf::Message* /*descriptor*/, ErrorLocation /*location*/,
                const std::string& message) override {
    if (text.empty()) text = absl::StrCat(filename, ": ", element, ": ", message);
  }

  std::string text;
};

// The files in the order in which the pool can build them: each after its imports.
class ImportOrder {
 public:
  explicit ImportOrder(const FileDescriptorSet& set) {
    for (const FileDescriptorProto& file : set.file()) {
      if (!files_.emplace(file.name(), &file).second) {
        problem_ = absl::StrCat("has ", file.name(), " twice");
        return;
      }
    }
    for (const FileDescriptorProto& file : set.file()) Visit(file);
  }

  // Empty without an error.
  const std::string& problem() const { return problem_; }
  const std::vector<const FileDescriptorProto*>& files() const { return ordered_; }

 private:
  void Visit(const FileDescriptorProto& file) {
    if (!problem_.empty() || !visited_.insert(&file).second) return;
    for (const std::string& import : file.dependency()) {
      const auto found = files_.find(import);
      if (found == files_.end()) {
        problem_ = absl::StrCat("lacks ", import, ", which ", file.name(),
                                " imports; make it with `protoc --include_imports`");
        return;
      }
      Visit(*found->second);
    }
    ordered_.push_back(&file);
  }

  std::map<std::string, const FileDescriptorProto*> files_;
  std::set<const FileDescriptorProto*> visited_;
  std::vector<const FileDescriptorProto*> ordered_;
  std::string problem_;
};

bool DefinesResource(const Descriptor& message) {
  if (message.options().HasExtension(storage::v1::table)) return true;
  for (int i = 0; i < message.nested_type_count(); ++i) {
    if (DefinesResource(*message.nested_type(i))) return true;
  }
  return false;
}

bool IsContract(const FileDescriptor& file) {
  if (!IsOwnFile(file)) return false;
  if (file.service_count() > 0) return true;
  for (int i = 0; i < file.message_type_count(); ++i) {
    if (DefinesResource(*file.message_type(i))) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DescriptorSet>> DescriptorSet::Read(const std::string& path) {
  const auto bytes = ReadFile(path, kMaxBytes);
  if (!bytes.ok()) return bytes.status();
  auto set = Parse(*bytes);
  if (set.ok()) return set;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", set.status().message()));
}

absl::StatusOr<std::unique_ptr<DescriptorSet>> DescriptorSet::Parse(const std::string& bytes) {
  FileDescriptorSet files;
  // Partial parsing, because protobuf would log missing fields.
  if (!files.ParsePartialFromString(bytes) || !files.IsInitialized()) {
    return absl::InvalidArgumentError(
        "is no FileDescriptorSet; make it with `protoc --include_imports -o`");
  }
  if (files.file_size() == 0) {
    return absl::InvalidArgumentError("is empty; make it with `protoc --include_imports -o`");
  }
  std::unique_ptr<DescriptorSet> set(new DescriptorSet);
  absl::Status status = set->Build(files);
  if (status.ok()) status = set->FindFiles(files);
  if (!status.ok()) return status;
  return set;
}

absl::StatusOr<std::unique_ptr<Contract>> DescriptorSet::BuildContract(
    const std::vector<std::string>& names) const {
  std::vector<const FileDescriptor*> files;
  for (const std::string& name : names) {
    files.push_back(pool_.FindFileByName(name));
    if (files.back() == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("the set has no file ", name));
    }
  }
  return Contract::Build(files);
}

absl::Status DescriptorSet::Build(const FileDescriptorSet& set) {
  const ImportOrder order(set);
  if (!order.problem().empty()) return absl::InvalidArgumentError(order.problem());
  for (const FileDescriptorProto* file : order.files()) {
    FirstError error;
    if (pool_.BuildFileCollectingErrors(*file, &error) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("is not consistent: ", error.text));
    }
  }
  return absl::OkStatus();
}

absl::Status DescriptorSet::FindFiles(const FileDescriptorSet& set) {
  for (const FileDescriptorProto& file : set.file()) {
    const FileDescriptor* built = pool_.FindFileByName(file.name());
    if (IsContract(*built)) version_.files.push_back(built);
  }
  if (version_.files.empty()) {
    return absl::InvalidArgumentError(
        "has no contract: no file of it defines a service or a message with "
        "(storage.v1.table)");
  }
  return absl::OkStatus();
}

const ContractVersion& DescriptorSet::version() {
  if (contract_ != nullptr || !version_.refusal.empty()) return version_;
  auto contract = Contract::Build(version_.files);
  if (contract.ok()) {
    contract_ = *std::move(contract);
    version_.contract = contract_.get();
  } else {
    version_.refusal.assign(contract.status().message().data(), contract.status().message().size());
  }
  return version_;
}

}  // namespace dataservice::breaking
