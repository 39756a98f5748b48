#include "schema/plan/plan_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace dataservice::test {
namespace {

constexpr char kOld[] = "--- old\n";
constexpr char kNew[] = "--- new\n";
constexpr char kPlan[] = "--- plan\n";

PlanCase Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t before = text.find(kOld);
  const size_t after = text.find(kNew);
  const size_t plan = text.find(kPlan);
  PlanCase out{.name = path.stem().string(), .path = path.string()};
  if (before == std::string::npos || after == std::string::npos || plan == std::string::npos) {
    ADD_FAILURE() << path << " lacks a section";
    return out;
  }
  out.about = text.substr(0, before);
  out.old_contract = text.substr(before + sizeof kOld - 1, after - before - sizeof kOld + 1);
  out.new_contract = text.substr(after + sizeof kNew - 1, plan - after - sizeof kNew + 1);
  out.plan = text.substr(plan + sizeof kPlan - 1);
  return out;
}

}  // namespace

std::string PlanCase::WithPlan(const std::string& text) const {
  return absl::StrCat(about, kOld, old_contract, kNew, new_contract, kPlan, text);
}

std::vector<PlanCase> PlanCases() {
  std::vector<PlanCase> out;
  for (const auto& entry : std::filesystem::directory_iterator(PLAN_CASES)) {
    out.push_back(Read(entry.path()));
  }
  std::sort(out.begin(), out.end(),
            [](const PlanCase& a, const PlanCase& b) { return a.name < b.name; });
  return out;
}

}  // namespace dataservice::test
