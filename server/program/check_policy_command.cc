#include "program/check_policy_command.h"

#include <google/protobuf/util/json_util.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "program/fail.h"
#include "serve/policy/method_set.h"
#include "serve/policy/policy_file.h"

namespace dataservice {
namespace {

constexpr int kDenied = 1;
constexpr int kWrong = 2;

struct Options {
  std::string file;
  std::string subject;
  std::string kind = "token";
  std::string issuer;
  std::vector<std::string> scopes;
  std::vector<std::string> claims;
  std::string method;
};

void AddOptions(CLI::App& app, Options& options) {
  app.add_option("--check_policy", options.file, "The file with the policy")->required();
  app.add_option("--as", options.subject, "The caller's subject. Default: an anonymous caller");
  app.add_option("--kind", options.kind, "How the caller is known: token or certificate")
      ->check(CLI::IsMember({"token", "certificate"}))
      ->capture_default_str();
  app.add_option("--issuer", options.issuer, "The issuer of the caller's token");
  app.add_option("--scope", options.scopes, "A scope of the token; may be repeated");
  app.add_option("--claim", options.claims,
                 "A claim of the token, name=value; may be repeated. The value is JSON, or a text");
  app.add_option("--call", options.method,
                 "The method, package.Service/Method. Default: only check the file");
}

int Wrong(const absl::Status& status) {
  Fail(status);
  return kWrong;
}

bool AddClaim(const std::string& claim, google::protobuf::Struct& claims) {
  const size_t equals = claim.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  auto& value = (*claims.mutable_fields())[claim.substr(0, equals)];
  const std::string text = claim.substr(equals + 1);
  if (!google::protobuf::util::JsonStringToMessage(text, &value).ok()) value.set_string_value(text);
  return true;
}

absl::StatusOr<Caller> CallerOf(const Options& options) {
  Caller caller;
  const bool has_token =
      !options.issuer.empty() || !options.scopes.empty() || !options.claims.empty();
  if (options.subject.empty() && has_token) {
    return absl::InvalidArgumentError("--issuer, --scope and --claim need --as");
  }
  if (options.subject.empty()) return caller;
  caller.kind = options.kind == "token" ? CallerKind::kToken : CallerKind::kCertificate;
  if (caller.kind == CallerKind::kCertificate && has_token) {
    return absl::InvalidArgumentError("a certificate has no issuer, scopes or claims here");
  }
  caller.subject = options.subject;
  caller.issuer = options.issuer;
  caller.scopes = options.scopes;
  for (const std::string& claim : options.claims) {
    if (!AddClaim(claim, caller.claims)) {
      return absl::InvalidArgumentError(absl::StrCat("--claim ", claim, ": write name=value"));
    }
  }
  return caller;
}

void PrintFields(const char* what, const FieldSet& fields) {
  std::vector<std::string> names;
  for (const auto* field : fields) names.push_back(field->full_name());
  std::sort(names.begin(), names.end());
  if (!names.empty()) std::printf("%s: %s\n", what, absl::StrJoin(names, ", ").c_str());
}

int PrintDecision(const Options& options, const Policy& policy, const Caller& caller,
                  const std::string& path) {
  const auto access = policy.Decide(caller, path);
  if (!access.ok()) {
    std::printf("denied: no rule is for this caller and this method (%s)\n",
                absl::StatusCodeToString(access.status().code()).c_str());
    return kDenied;
  }
  std::vector<std::string> rules;
  for (const Rule* rule : policy.RulesFor(caller, path)) {
    rules.push_back(absl::StrCat("\"", rule->name, "\" (", options.file, ":", rule->line, ")"));
  }
  std::printf("allowed by %s\n", absl::StrJoin(rules, ", ").c_str());
  PrintFields("withheld", (*access)->hidden());
  PrintFields("read only", (*access)->read_only());
  if ((*access)->all_rows()) std::printf("rows: those of all owners\n");
  return 0;
}

int Run(const Options& options, std::string_view contract_files) {
  const auto contract = Contract::BuildFromGeneratedPool(contract_files);
  if (!contract.ok()) return Wrong(contract.status());
  const auto policy = ReadPolicy(options.file, **contract);
  if (!policy.ok()) return Wrong(policy.status());
  const auto caller = CallerOf(options);
  if (!caller.ok()) return Wrong(caller.status());
  if (options.method.empty()) {
    std::printf("the policy is valid\n");
    return 0;
  }
  const auto paths = MethodsOf(options.method, **contract);
  if (!paths.ok()) return Wrong(paths.status());
  if (paths->size() != 1) {
    return Wrong(absl::InvalidArgumentError("--call needs one method, package.Service/Method"));
  }
  return PrintDecision(options, **policy, *caller, paths->front());
}

}  // namespace

bool IsCheckPolicy(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](const std::string_view argument) {
    return argument == "--check_policy" || argument.starts_with("--check_policy=");
  });
}

int CheckPolicy(int argc, char** argv, std::string_view contract_files) {
  CLI::App app(
      "Checks a policy. Exit code: 0 if the call is permitted, 1 if it is denied, 2 if the policy "
      "or the arguments are wrong.");
  Options options;
  AddOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrong;
  }
  return Run(options, contract_files);
}

}  // namespace dataservice
