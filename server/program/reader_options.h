// The options of the server that say which reads a standby may execute.
#pragma once

#include <CLI/CLI.hpp>

#include "program/flags.h"
#include "program/options.h"

namespace dataservice {

inline void AddReaderOptions(CLI::App& app, ReaderDatabaseSettings& settings) {
  app.add_option("--reader_database", settings.conninfo,
                 "A standby of --database that executes the reads which may be stale (metadata "
                 "read-consistency: eventual): libpq connection string or URI with its host, "
                 "hostaddr or service. Other parameters that it does not name are as in "
                 "--database, except target_session_attrs; port is, except with a service, and if "
                 "--database has a list of ports. Default: none");
  app.add_option("--reader_workers", settings.workers,
                 "Workers of the standby, each with one connection to it; one more to each of the "
                 "databases measures the lag. 0: as --workers")
      ->check(CLI::Range(0, 1000));
  AddDuration(app, "--max_reader_lag", settings.max_lag,
              "How far the standby may be behind. Otherwise the writer executes these reads",
              absl::Milliseconds(200), absl::Minutes(5));
}

}  // namespace dataservice
