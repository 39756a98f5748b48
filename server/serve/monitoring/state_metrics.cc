#include <string>

#include "serve/monitoring/metrics.h"

namespace dataservice {
namespace {

constexpr std::array<Lane, kLanes> kEachLane{Lane::kRead, Lane::kWrite, Lane::kBulk, Lane::kAlone};

void WriteQueue(const EngineState& state, PrometheusText& text) {
  const auto each = [&](const auto& value) {
    for (const Lane lane : kEachLane) {
      text.Add({{"lane", NameOf(lane)}}, value(state.queue.lanes[static_cast<size_t>(lane)]));
    }
  };
  text.Begin("server_queue_operations", "gauge", "Operations that wait for a worker.");
  each([](const auto& lane) { return static_cast<double>(lane.waiting); });
  text.Gauge("server_queue_limit_operations", "--queue_capacity.",
             static_cast<double>(state.queue_capacity));
  text.Gauge("server_queue_bytes", "Bytes of the values of operations that wait.",
             static_cast<double>(state.queue.bytes));
  text.Begin("server_queue_oldest_seconds", "gauge", "Age of the oldest operation that waits.");
  each([](const auto& lane) { return std::chrono::duration<double>(lane.oldest).count(); });
  text.Begin("server_queue_refused_total", "counter",
             "Operations that were refused because the queue was full. Those of imports are tried "
             "again.");
  each([](const auto& lane) { return static_cast<double>(lane.refused); });
  text.Gauge("server_workers_limit", "--workers.", state.workers);
}

void WriteDatabase(const ConnectionCounts& counts, PrometheusText& text) {
  const auto open = static_cast<double>(counts.open.load());
  const auto used = static_cast<double>(counts.in_use.load());
  text.Begin("db_client_connections", "gauge",
             "Connections to PostgreSQL that are idle, execute a statement, or are being made.");
  text.Add({{"state", "idle"}}, std::max(open - used, 0.));
  text.Add({{"state", "used"}}, used);
  text.Add({{"state", "connecting"}}, static_cast<double>(counts.connecting.load()));
  const auto counter = [&](std::string_view name, std::string_view help, const auto& count) {
    text.Counter(name, help, static_cast<double>(count.load()));
  };
  counter("server_database_connects_total", "Connections to PostgreSQL that were made.",
          counts.made);
  counter("server_database_connect_failures_total", "Attempts to connect that failed.",
          counts.failed);
  counter("server_database_lost_total", "Connections that were lost, as in a fail-over.",
          counts.lost);
  counter("server_statements_total", "Statements, BEGIN and COMMIT among them.", counts.statements);
  counter("server_statements_cancelled_total",
          "Statements that were cancelled, by the server or after the statement_timeout.",
          counts.cancelled);
  counter("server_statement_retries_total", "Statements and transactions that were executed again.",
          counts.retries);
}

// Without a reader, too, so that the names are always the same.
void WriteReader(const ReaderState& state, PrometheusText& text) {
  text.Begin("server_eventual_reads_total", "counter",
             "Reads that may be stale, by the database that executed them.");
  text.Add({{"database", "reader"}}, static_cast<double>(state.by_reader));
  text.Add({{"database", "writer"}}, static_cast<double>(state.by_writer));
  text.Counter("server_reader_repeated_total",
               "Reads that failed on the reader, and were executed by the writer.",
               static_cast<double>(state.repeated));
  text.Gauge("server_reader_used", "1 while the reader is used, 0 while it is away or behind.",
             state.lag ? 1 : 0);
  text.Gauge(
      "server_reader_lag_seconds",
      "How far the reader is behind the writer at most; 0 while it is not used.",
      std::chrono::duration<double>(state.lag.value_or(std::chrono::nanoseconds(0))).count());
}

void WriteClients(const ConnectionsState& state, PrometheusText& text) {
  text.Gauge("server_client_connections", "Open connections of clients.", state.open);
  text.Gauge("server_client_connections_limit", "The most connections that may be open.",
             state.most);
  text.Counter("server_client_connections_refused_total",
               "Connections that were closed because there were too many.",
               static_cast<double>(state.refused));
  text.Counter("server_client_floods_total", "Connections that were closed because of a flood.",
               static_cast<double>(state.floods));
  const auto each = [&](const Amounts& amounts) {
    for (size_t i = 0; i < kCounted; ++i) {
      text.Add({{"kind", NameOf(static_cast<Counted>(i))}}, static_cast<double>(amounts[i]));
    }
  };
  text.Begin(
      "server_client_holdings", "gauge",
      "What clients have under way: calls of connections, streams among them, health checks, "
      "bytes of answers that are not received, and of messages that have arrived in part.");
  each(state.amounts);
  text.Begin("server_client_largest_holdings", "gauge", "The same of the client with the most.");
  each(state.largest);
  text.Begin("server_client_holdings_limit", "gauge", "The most that all clients may have.");
  each(state.limits);
}

}  // namespace

std::string_view NameOf(Counted counted) {
  switch (counted) {
    case Counted::kCalls:
      return "calls";
    case Counted::kStreams:
      return "streams";
    case Counted::kHealthChecks:
      return "health_checks";
    case Counted::kCarriedCalls:
      return "carried_calls";
    case Counted::kUnreadBytes:
      return "unread_bytes";
    case Counted::kPartialBytes:
      return "partial_bytes";
  }
  return "";
}

void WriteState(const EngineState& state, PrometheusText& text) {
  WriteQueue(state, text);
  if (state.database != nullptr) WriteDatabase(*state.database, text);
  WriteReader(state.reader.value_or(ReaderState()), text);
  WriteClients(state.clients, text);
  text.Counter("server_claims_deleted_total", "Claims of request_ids that were deleted.",
               static_cast<double>(state.claims_deleted));
}

void WriteBuild(const BuildInfo& build, PrometheusText& text) {
  text.Begin("server_build_info", "gauge", "1; the labels are the build.");
  text.Add({{"contract", build.contract},
            {"contract_digest", build.contract_digest},
            {"grpc_version", build.grpc_version},
            {"version", build.version}},
           1);
}

}  // namespace dataservice
