#include <nlohmann/json.hpp>

#include "serve/monitoring/monitor.h"

namespace dataservice {
namespace {

using Json = nlohmann::ordered_json;

// Statements of the page.
constexpr size_t kStatements = 20;

double Milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Json BuildJson(const BuildInfo& build) {
  return {{"version", build.version},
          {"grpc", build.grpc_version},
          {"contract", build.contract},
          {"contract_digest", build.contract_digest}};
}

Json DatabaseJson(const ConnectionCounts& counts) {
  return {{"open", counts.open.load()},
          {"in_use", counts.in_use.load()},
          {"connecting", counts.connecting.load()},
          {"made", counts.made.load()},
          {"failed", counts.failed.load()},
          {"lost", counts.lost.load()},
          {"statements", counts.statements.load()},
          {"cancelled", counts.cancelled.load()},
          {"retries", counts.retries.load()}};
}

Json ReaderJson(const ReaderState& state) {
  Json json{{"used", state.lag.has_value()}};
  if (state.lag) json["lag_ms"] = Milliseconds(*state.lag);
  json["reads_by_reader"] = state.by_reader;
  json["reads_by_writer"] = state.by_writer;
  json["repeated"] = state.repeated;
  json["database"] = DatabaseJson(*state.database);
  return json;
}

Json ClientsJson(const ConnectionsState& state) {
  Json json{{"connections", state.open},
            {"most", state.most},
            {"refused", state.refused},
            {"floods", state.floods}};
  for (size_t i = 0; i < kCounted; ++i) {
    json[std::string(NameOf(static_cast<Counted>(i)))] = {{"all", state.amounts[i]},
                                                          {"largest_client", state.largest[i]},
                                                          {"limit", state.limits[i]}};
  }
  return json;
}

Json QueueJson(const EngineState& state) {
  Json groups = Json::array();
  for (const QueueState::Group& group : state.queue.groups) {
    groups.push_back({{"method", MethodName(group.method)},
                      {"waiting", group.waiting},
                      {"batches", group.batches},
                      {"oldest_ms", Milliseconds(group.oldest)},
                      {"statement", group.statement}});
  }
  Json lanes = Json::object();
  for (const Lane lane : {Lane::kRead, Lane::kWrite, Lane::kBulk, Lane::kAlone}) {
    const QueueState::Lane& held = state.queue.lanes[static_cast<size_t>(lane)];
    lanes[std::string(NameOf(lane))] = {{"waiting", held.waiting},
                                        {"oldest_ms", Milliseconds(held.oldest)},
                                        {"refused", held.refused}};
  }
  return {{"capacity", state.queue_capacity},
          {"bytes", state.queue.bytes},
          {"lanes", lanes},
          {"statements", groups}};
}

Json StatementsJson(const std::vector<SlowStatement>& statements) {
  Json json = Json::array();
  for (const SlowStatement& statement : statements) {
    json.push_back({{"method", statement.method},
                    {"batches", statement.batches},
                    {"operations", statement.operations},
                    {"rows", statement.rows},
                    {"sum_ms", Milliseconds(statement.sum)},
                    {"longest_ms", Milliseconds(statement.longest)},
                    {"statement", statement.text},
                    {"explain", "/debug/explain?statement=" + statement.id}});
  }
  return json;
}

}  // namespace

std::string Monitor::DebugPage(const EngineState& state) const {
  Json page{{"build", BuildJson(parts_.build)}, {"flags", parts_.flags}};
  if (state.database != nullptr) page["database"] = DatabaseJson(*state.database);
  if (state.reader) page["reader"] = ReaderJson(*state.reader);
  page["workers"] = state.workers;
  page["queue"] = QueueJson(state);
  page["clients"] = ClientsJson(state.clients);
  page["slow_statements"] = StatementsJson(statements_.Slowest(kStatements));
  return page.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dataservice
