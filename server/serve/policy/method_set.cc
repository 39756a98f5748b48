#include "serve/policy/method_set.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {
namespace {

constexpr std::string_view kReflection[] = {
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};

// Every caller may call these: UnaryHandler::is_open and StreamHandler::is_open.
constexpr std::string_view kOpen[] = {"/grpc.health.v1.Health/Check",
                                      "/grpc.health.v1.Health/Watch",
                                      "/dataservice.v1.CallService/Exchange"};

template <size_t N>
bool Contains(const std::string_view (&paths)[N], std::string_view path) {
  return std::find(std::begin(paths), std::end(paths), path) != std::end(paths);
}

bool HasMethod(const Contract& contract, std::string_view path) {
  return std::any_of(contract.methods().begin(), contract.methods().end(),
                     [&](const auto& method) { return method->path == path; });
}

// Which methods of a service are meant: "*", "read" or "write".
bool IsOfGroup(std::string_view group, MethodKind kind) {
  return group == "*" || (group == "read" && IsRead(kind)) || (group == "write" && IsWrite(kind));
}

bool IsGroup(std::string_view name) { return name == "*" || name == "read" || name == "write"; }

std::vector<std::string> PathsOf(const Contract& contract,
                                 const std::function<bool(const Method&)>& is_meant) {
  std::vector<std::string> paths;
  for (const auto& method : contract.methods()) {
    if (is_meant(*method)) paths.push_back(method->path);
  }
  return paths;
}

bool HasService(const Contract& contract, std::string_view name) {
  return std::any_of(contract.services().begin(), contract.services().end(),
                     [&](const auto* service) { return service->full_name() == name; });
}

absl::StatusOr<std::vector<std::string>> MethodsOfService(std::string_view service,
                                                          std::string_view group,
                                                          const Contract& contract) {
  if (!HasService(contract, service)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the contract has no service \"", View(service), "\""));
  }
  auto paths = PathsOf(contract, [&](const Method& method) {
    return method.descriptor->service()->full_name() == service && IsOfGroup(group, method.kind);
  });
  if (!paths.empty()) return paths;
  return absl::InvalidArgumentError(
      absl::StrCat("the service \"", View(service), "\" has no ", View(group), " method"));
}

}  // namespace

bool IsRead(MethodKind kind) {
  switch (kind) {
    case MethodKind::kGet:
    case MethodKind::kList:
    case MethodKind::kBatchGet:
    case MethodKind::kExport:
      return true;
    case MethodKind::kCreate:
    case MethodKind::kUpdate:
    case MethodKind::kUpsert:
    case MethodKind::kDelete:
    case MethodKind::kBatchCreate:
    case MethodKind::kBatchUpdate:
    case MethodKind::kBatchDelete:
    case MethodKind::kImport:
    case MethodKind::kCustom:
      return false;
  }
  return false;
}

bool IsWrite(MethodKind kind) { return !IsRead(kind) && kind != MethodKind::kCustom; }

absl::StatusOr<std::vector<std::string>> MethodsOf(std::string_view name,
                                                   const Contract& contract) {
  if (name == "reflection") {
    return std::vector<std::string>(std::begin(kReflection), std::end(kReflection));
  }
  if (IsGroup(name)) {
    return PathsOf(contract, [&](const Method& method) { return IsOfGroup(name, method.kind); });
  }
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", View(name),
        "\" is no method: write package.Service/Method, package.Service/*, package.Service/read, "
        "package.Service/write, read, write, reflection or \"*\""));
  }
  if (IsGroup(name.substr(slash + 1))) {
    return MethodsOfService(name.substr(0, slash), name.substr(slash + 1), contract);
  }
  std::string path = absl::StrCat("/", View(name));
  if (Contains(kOpen, path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", View(name), "\" is open to every caller; no rule is needed"));
  }
  if (Contains(kReflection, path) || HasMethod(contract, path)) {
    return std::vector<std::string>{std::move(path)};
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the contract has no method \"", View(name), "\""));
}

}  // namespace dataservice
