#include "program/describe_command.h"

#include <cstdio>
#include <memory>
#include <vector>

#include "contract/contract.h"
#include "contract/describe.h"
#include "program/fail.h"
#include "schema/breaking/descriptor_set.h"

namespace dataservice {
namespace {

struct Options {
  std::string descriptor_set;      // path; empty for the linked contract
  std::vector<std::string> files;  // of the descriptor set
};

int Print(const absl::StatusOr<std::unique_ptr<Contract>>& contract) {
  if (!contract.ok()) return Fail(contract.status());
  std::fputs(DescriptionJson(Describe(**contract)).c_str(), stdout);
  return 0;
}

int Run(const std::string& contract_files, const Options& options) {
  if (options.descriptor_set.empty())
    return Print(Contract::BuildFromGeneratedPool(contract_files));
  const auto set = breaking::DescriptorSet::Read(options.descriptor_set);
  if (!set.ok()) return Print(set.status());
  return Print((*set)->BuildContract(options.files));
}

}  // namespace

void AddDescribeCommand(CLI::App& app, const std::string& contract_files) {
  CLI::App* command = app.add_subcommand(
      "describe", "Print, as JSON, what each method and resource of the contract is");
  const auto options = std::make_shared<Options>();
  CLI::Option* set = command->add_option(
      "--descriptor_set", options->descriptor_set,
      "Describe the contract in this FileDescriptorSet, which `protoc --include_imports -o` "
      "writes, instead of the linked one");
  command
      ->add_option("files", options->files,
                   "Names of the files of the descriptor set whose services are served")
      ->needs(set);
  set->needs(command->get_option("files"));
  command->callback(
      [contract_files, options] { throw CLI::RuntimeError(Run(contract_files, *options)); });
}

}  // namespace dataservice
