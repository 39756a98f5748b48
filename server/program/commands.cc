#include "program/commands.h"

#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "program/credential_options.h"
#include "program/fail.h"
#include "program/options.h"
#include "schema/apply/apply.h"
#include "schema/apply/plan_text.h"
#include "schema/apply/rights.h"
#include "schema/model/catalog.h"
#include "schema/model/ddl.h"

namespace dataservice {
namespace {

using namespace schema;

// For `check`, which returns 1 if the database differs.
int FailCheck(const absl::Status& status) {
  Fail(status);
  return 2;
}

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

// The connection string of this run.
absl::StatusOr<std::string> ConnInfoOf(const CommandOptions& options) {
  const auto source = CredentialSource::Create(options.credentials, "dataservice-schema");
  if (!source.ok()) return source.status();
  return (*source)->ConnInfo();
}

absl::StatusOr<std::unique_ptr<SchemaSession>> Connect(const CommandOptions& options) {
  const auto conninfo = ConnInfoOf(options);
  if (!conninfo.ok()) return conninfo.status();
  return SchemaSession::Connect(*conninfo);
}

int RunPrint(const CommandOptions& options, const SchemaModel& model) {
  Print(DdlScript(model, options.roles));
  return 0;
}

int RunPlan(const CommandOptions& options, const SchemaModel& model) {
  const auto session = Connect(options);
  if (!session.ok()) return Fail(session.status());
  const auto plan = PlanForDatabase(**session, model, options.roles);
  if (!plan.ok()) return Fail(plan.status());
  Print(options.format == "json" ? PlanJson(*plan) : PlanText(*plan));
  const std::vector<std::string> objections =
      Objections(*plan, {options.allow.begin(), options.allow.end()});
  return objections.empty() ? 0 : 1;
}

int RunApply(const CommandOptions& options, const SchemaModel& model) {
  if (options.dry_run) return RunPlan(options, model);
  ApplySettings settings = options.apply;
  settings.allowed = {options.allow.begin(), options.allow.end()};
  const auto conninfo = ConnInfoOf(options);
  if (!conninfo.ok()) return Fail(conninfo.status());
  std::mutex mutex;
  const auto done = Apply(*conninfo, model, options.roles, settings, [&](const std::string& line) {
    const std::lock_guard<std::mutex> guard(mutex);
    std::fprintf(stderr, "%s\n", line.c_str());
  });
  if (!done.ok()) return Fail(done.status());
  Print(*done);
  return 0;
}

int RunCheck(const CommandOptions& options, const SchemaModel& model) {
  const auto session = Connect(options);
  if (!session.ok()) return FailCheck(session.status());
  const auto actual = ModelOfCatalog(**session, model);
  if (!actual.ok()) return FailCheck(actual.status());
  auto rights = CompareRights(**session, model, *actual, options.roles);
  if (!rights.ok()) return FailCheck(rights.status());
  const CheckReport report{Compare(model, *actual), std::move(rights->differences),
                           std::move(rights->problems)};
  Print(options.format == "json" ? CheckJson(report) : CheckText(report));
  return report.Agrees() ? 0 : 1;
}

void AddRoles(CLI::App& command, CommandOptions& options) {
  command.add_option("--app_role", options.roles.app, "Role of the server: reads and writes rows");
  command.add_option("--reader_role", options.roles.reader, "Role that reads rows");
}

void AddDatabase(CLI::App& command, CommandOptions& options) {
  AddCredentialOptions(command, options.credentials);
  AddRoles(command, options);
}

void AddFormat(CLI::App& command, CommandOptions& options) {
  command.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void AddAllow(CLI::App& command, CommandOptions& options) {
  command
      .add_option("--allow", options.allow,
                  "Name of a step to do although it loses data or breaks running servers, as plan "
                  "prints it (drop-column:article.size); may be given several times")
      ->configurable(false);
}

void AddPatience(CLI::App& command, CommandOptions& options) {
  AddDuration(command, "--lock_timeout", options.apply.steps.lock_timeout,
              "How long a statement waits for a lock; statements that come after it wait as long",
              absl::Milliseconds(1), absl::Hours(1));
  AddDuration(command, "--retry_timeout", options.apply.steps.retry_for,
              "How long a step that gets no lock is tried again", absl::ZeroDuration(),
              absl::Hours(24));
  AddDuration(command, "--wait_timeout", options.apply.wait,
              "How long to wait for another run of apply", absl::ZeroDuration(), absl::Hours(24));
}

}  // namespace

void AddCommands(CLI::App& app, Command& chosen) {
  // Each command has options of its own, because environment variables are read for all commands,
  // not only for the chosen one.
  using Options = std::shared_ptr<CommandOptions>;
  const auto add = [&](const char* name, const char* text,
                       int (*run)(const CommandOptions&, const SchemaModel&)) {
    CLI::App* command = app.add_subcommand(name, text);
    const Options options = std::make_shared<CommandOptions>();
    command->callback([options, &chosen, run] {
      chosen = [options, run](const SchemaModel& model) { return run(*options, model); };
    });
    return std::pair(command, options);
  };
  const auto [print, print_options] = add("print", "Print the DDL for an empty database", RunPrint);
  AddRoles(*print, *print_options);
  ReadEnvironment(*print);

  const auto [plan, plan_options] =
      add("plan",
          "Print the steps from the database as it is to the contract; exit 1 if apply would "
          "refuse them",
          RunPlan);
  AddDatabase(*plan, *plan_options);
  AddFormat(*plan, *plan_options);
  AddAllow(*plan, *plan_options);
  ReadEnvironment(*plan);

  const auto [apply, apply_options] =
      add("apply", "Do the steps that plan prints; after an interruption, run it again", RunApply);
  AddDatabase(*apply, *apply_options);
  AddAllow(*apply, *apply_options);
  AddPatience(*apply, *apply_options);
  AddFormat(*apply, *apply_options);
  apply->add_flag("--dry_run", apply_options->dry_run, "Print the plan and do nothing")
      ->configurable(false);
  ReadEnvironment(*apply);

  const auto [check, check_options] =
      add("check", "Print how the database differs from the contract; exit 1 if it does", RunCheck);
  AddDatabase(*check, *check_options);
  AddFormat(*check, *check_options);
  ReadEnvironment(*check);
}

}  // namespace dataservice
