#include "schema/breaking/breaking.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "schema/breaking/clients.h"
#include "schema/breaking/findings.h"
#include "schema/breaking/storage.h"

namespace dataservice::breaking {

ContractVersion VersionOf(const Contract& contract) {
  ContractVersion version;
  version.contract = &contract;
  std::set<const google::protobuf::FileDescriptor*> seen;
  const auto add = [&](const google::protobuf::FileDescriptor* file) {
    if (seen.insert(file).second) version.files.push_back(file);
  };
  for (const auto* service : contract.services()) add(service->file());
  for (const auto& resource : contract.resources()) add(resource->message->file());
  return version;
}

std::vector<Breakage> Breaking(const ContractVersion& before, const ContractVersion& after) {
  std::vector<Breakage> found;
  Findings clients(Breakage::Side::kClients, found);
  CompareClients(TypesOf(before.files), TypesOf(after.files), clients);
  Findings stored(Breakage::Side::kStoredData, found);
  if (before.contract != nullptr) {
    CompareStorage(*before.contract, *after.contract, stored);
  } else {
    stored.Add("STORED_DATA_NOT_COMPARED", before.files.empty() ? "" : before.files[0]->name(),
               absl::StrCat("the old contract is refused, so that nothing is known of its tables; "
                            "compare with `plan` on a database that has them. ",
                            absl::StrReplaceAll(before.refusal, {{"\n", "; "}})));
  }
  const auto order = [](const Breakage& breakage) {
    return std::tie(breakage.side, breakage.kind, breakage.element, breakage.text);
  };
  std::sort(found.begin(), found.end(),
            [&](const Breakage& a, const Breakage& b) { return order(a) < order(b); });
  const auto repeated =
      std::unique(found.begin(), found.end(),
                  [&](const Breakage& a, const Breakage& b) { return order(a) == order(b); });
  found.erase(repeated, found.end());
  return found;
}

}  // namespace dataservice::breaking
