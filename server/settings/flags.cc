#include "settings/flags.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "settings/credential_options.h"

namespace dataservice {

bool ParseFlags(int argc, char** argv, ServerSettings& settings, int& exit_code) {
  CLI::App app("Serves the resources of its contract over gRPC, from PostgreSQL.");
  app.get_formatter()->column_width(36);
  app.option_defaults()->always_capture_default();
  AddCredentialOptions(app, settings.database.credentials);
  app.add_flag("--prepared_statements", settings.database.prepared_statements,
               "Prepare each statement once a connection. Faster on a direct connection; behind "
               "RDS Proxy it pins, and poolers in transaction mode may not know the names");
  app.add_option("--schema_check", settings.database.schema_check,
                 "What to do at the start with a database whose schema the server would get wrong: "
                 "refuse, warn (serve it), off (do not look)")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, SchemaCheck>{{"refuse", SchemaCheck::kRefuse},
                                             {"warn", SchemaCheck::kWarn},
                                             {"off", SchemaCheck::kOff}}))
      ->default_str("refuse")
      ->envname("SCHEMA_CHECK");
  app.add_option("--grpc_address", settings.rpc.address, "Where to listen")
      ->envname("GRPC_ADDRESS");
  app.add_option("--page_token_key_file", settings.page_tokens.key_file,
                 "File with the key that signs page tokens, shared by servers that answer the "
                 "same callers. Default: a random key, and tokens end with the process")
      ->envname("PAGE_TOKEN_KEY_FILE");
  app.add_option("--workers", settings.execution.workers,
                 "Workers, each with one database connection. More help where the network to the "
                 "database is slow")
      ->check(CLI::Range(1, 1000));
  app.add_option("--eager_workers", settings.execution.eager_workers,
                 "Of them, how many take what waits at once; the others help where those are held "
                 "up. 0: one a core")
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
  int64_t retention = settings.claims.retention.count();
  app.add_option("--request_id_retention_s", retention,
                 "Time that a request_id is remembered: longer than any caller tries again")
      ->check(CLI::Range(1, 366 * 86400));
  app.add_option("--rpc_threads", settings.rpc.threads, "Threads that move calls along")
      ->check(CLI::Range(1, 64));
  app.add_option("--max_message_bytes", settings.rpc.max_message_bytes,
                 "Bytes of a request message at most")
      ->check(CLI::Range(1024, 1024 * 1024 * 1024));
  int64_t default_deadline = settings.rpc.default_deadline.count();
  app.add_option("--default_deadline_ms", default_deadline,
                 "Time for a call whose client gave none")
      ->check(CLI::Range(1, 86400000));
  int64_t drain_delay = settings.rpc.drain_delay.count();
  app.add_option("--drain_delay_ms", drain_delay,
                 "Time to go on serving after NOT_SERVING was said, for load balancers to notice")
      ->check(CLI::Range(0, 3600000));
  int64_t drain_timeout = settings.rpc.drain_timeout.count();
  app.add_option("--drain_timeout_ms", drain_timeout,
                 "Time that calls get to end when the server stops")
      ->check(CLI::Range(0, 3600000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e);
    return false;
  }
  settings.claims.retention = std::chrono::seconds(retention);
  settings.rpc.default_deadline = std::chrono::milliseconds(default_deadline);
  settings.rpc.drain_delay = std::chrono::milliseconds(drain_delay);
  settings.rpc.drain_timeout = std::chrono::milliseconds(drain_timeout);
  return true;
}

}  // namespace dataservice
