#include "program/flags.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "program/credential_options.h"
#include "program/identity_options.h"
#include "program/limit_options.h"
#include "program/monitoring_options.h"
#include "program/options.h"
#include "program/reader_options.h"

namespace dataservice {

bool ParseFlags(int argc, char** argv, ServerSettings& settings, int& exit_code) {
  CLI::App app("Serves the resources of its contract over gRPC, from PostgreSQL.");
  app.get_formatter()->column_width(36);
  app.option_defaults()->always_capture_default();
  AddCredentialOptions(app, settings.database.credentials);
  AddReaderOptions(app, settings.reader);
  app.add_option("--prepared_statements", settings.database.prepared_statements,
                 "Whether to prepare each statement once a connection, which is faster: auto (on "
                 "direct connections), on, off. Behind RDS Proxy a prepared statement pins the "
                 "connection, and poolers in transaction mode may not know it")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, PreparedStatements>{{"auto", PreparedStatements::kAuto},
                                                    {"on", PreparedStatements::kOn},
                                                    {"off", PreparedStatements::kOff}}))
      ->default_str("auto");
  app.add_option("--schema_check", settings.database.schema_check,
                 "What to do at the start with a database whose schema the server would get wrong: "
                 "refuse, warn (serve it), off (do not look)")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, schema::SchemaCheck>{{"refuse", schema::SchemaCheck::kRefuse},
                                                     {"warn", schema::SchemaCheck::kWarn},
                                                     {"off", schema::SchemaCheck::kOff}}))
      ->default_str("refuse");
  app.add_option(
      "--policy", settings.security.policy_file,
      "File with the policy (YAML): who may call which methods, and with which fields. It "
      "is read again when it changes. Default: every caller may call every method");
  app.add_option(
      "--audit_log", settings.security.audit_log,
      "File to which a line of JSON is appended for each write and for each call that is "
      "refused for its caller, or stderr. Default: none");
  app.add_option("--grpc_address", settings.rpc.address, "Where to listen");
  AddIdentityOptions(app, settings.rpc, settings.identity);
  AddLimitOptions(app, settings.rpc.limits);
  AddMonitoringOptions(app, settings.monitoring);
  app.add_option("--page_token_key_file", settings.page_tokens.key_file,
                 "File with the key that signs page tokens, shared by servers that answer the "
                 "same callers. Default: a random key, and tokens end with the process");
  app.add_option("--workers", settings.execution.workers,
                 "Workers, each with one database connection. More help where the network to the "
                 "database is slow")
      ->check(CLI::Range(1, 1000));
  app.add_option("--eager_workers", settings.execution.eager_workers,
                 "Of them, how many take what waits at once; the others help where those are held "
                 "up. 0: one a core")
      ->check(CLI::Range(0, 1000));
  app.add_option("--read_workers", settings.execution.read_workers,
                 "Of them, how many are kept for reads by key, which slow lists and locked rows do "
                 "not delay then. At least one is left for the rest")
      ->check(CLI::Range(0, 999));
  app.add_option("--scan_workers", settings.execution.scan_workers,
                 "How many may be busy at once with exports and with lists that have a filter, a "
                 "count or an order without an index. 0: half of those that are not kept for "
                 "reads")
      ->check(CLI::Range(0, 1000));
  app.add_option("--batch_limit", settings.execution.queue.batch_limit,
                 "Operations of one statement. The gain flattens at 32 to 64")
      ->check(CLI::Range(1, 1000));
  app.add_option("--bulk_limit", settings.execution.queue.bulk_limit,
                 "Rows of one statement of an import")
      ->check(CLI::Range(1, 10000));
  app.add_option("--queue_capacity", settings.execution.queue.capacity,
                 "Operations that may wait; more are refused with RESOURCE_EXHAUSTED")
      ->check(CLI::Range(1, 10000000));
  AddDuration(app, "--request_id_retention", settings.claims.retention,
              "Time that a request_id is remembered: longer than any caller tries again",
              absl::Seconds(1), absl::Hours(366 * 24));
  app.add_option("--rpc_threads", settings.rpc.threads, "Threads that move calls along")
      ->check(CLI::Range(1, 64));
  app.add_option("--max_message_bytes", settings.rpc.max_message_bytes,
                 "Bytes of a request message at most")
      ->check(CLI::Range(1024, 1024 * 1024 * 1024));
  AddDuration(app, "--default_deadline", settings.rpc.default_deadline,
              "Time for a call whose client set no deadline", absl::Milliseconds(1),
              absl::Hours(24));
  AddDuration(
      app, "--drain_delay", settings.rpc.drain_delay,
      "Time to go on serving after health reports NOT_SERVING, for load balancers to notice",
      absl::ZeroDuration(), absl::Hours(1));
  AddDuration(app, "--drain_timeout", settings.rpc.drain_timeout,
              "Time that calls get to end when the server stops", absl::ZeroDuration(),
              absl::Hours(1));
  app.footer(
      "To check a policy instead of serving:\n"
      "  --check_policy FILE [--as SUBJECT --call package.Service/Method ...]; see "
      "--check_policy FILE --help");
  bool print_config = false;
  app.add_flag("--print_config", print_config, "Print the value of each flag, and exit")
      ->configurable(false);
  ReadEnvironment(app);
  NoteValues(app, settings.values);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e);
    return false;
  }
  if (print_config) {
    std::fputs(PrintedValues(settings.values).c_str(), stdout);
    exit_code = 0;
    return false;
  }
  return true;
}

}  // namespace dataservice
