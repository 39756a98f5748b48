#include "program/breaking_command.h"

#include <cstdio>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "program/fail.h"
#include "schema/breaking/breaking.h"
#include "schema/breaking/descriptor_set.h"
#include "schema/breaking/report.h"

namespace dataservice {
namespace {

using namespace breaking;

constexpr int kSomethingBreaks = 1;
constexpr int kCannotBeRead = 2;

struct Options {
  std::string against;
  std::string format = "text";
  std::vector<std::string> allowed;
};

int FailToRead(const absl::Status& status) {
  Fail(status);
  return kCannotBeRead;
}

int Run(const std::string& contract_files, const Options& options) {
  const auto before = DescriptorSet::Read(options.against);
  if (!before.ok()) return FailToRead(before.status());
  const auto after = Contract::BuildFromGeneratedPool(contract_files);
  if (!after.ok()) return FailToRead(after.status());
  std::vector<Breakage> found = Breaking((*before)->version(), VersionOf(**after));
  const std::set<std::string> allowed(options.allowed.begin(), options.allowed.end());
  std::erase_if(found, [&](const Breakage& breakage) {
    return allowed.contains(absl::StrCat(breakage.kind, ":", breakage.element));
  });
  const bool json = options.format == "json";
  std::fputs((json ? BreakingJson(found) : BreakingText(found)).c_str(), stdout);
  return found.empty() ? 0 : kSomethingBreaks;
}

}  // namespace

CLI::App& AddBreakingCommand(CLI::App& app, const std::string& contract_files) {
  CLI::App* command =
      app.add_subcommand("breaking", "Print what this contract breaks of an older version of it");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--against", options->against,
                   "The older version: a FileDescriptorSet, of `protoc --include_imports -o`")
      ->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command
      ->add_option("--allow", options->allowed,
                   "KIND:ELEMENT of a breaking change to accept, as printed; may be given many "
                   "times")
      ->configurable(false);
  command->callback(
      [contract_files, options] { throw CLI::RuntimeError(Run(contract_files, *options)); });
  return *command;
}

}  // namespace dataservice
