#include "program/engine.h"

#include <atomic>
#include <utility>

#include "contract/claims.h"
#include "serve/execution/database_sink.h"
#include "serve/request/handlers.h"

namespace dataservice {
namespace {

class WiredEngine final : public Engine {
 public:
  WiredEngine(const EngineSettings& settings, const Contract& contract)
      : settings_(settings),
        contract_(contract),
        signer_(settings.page_token_key),
        executor_(
            settings.execution,
            [this] {
              return std::make_unique<DatabaseSink>(Connect(canceller_), settings_.batches);
            },
            [this] { canceller_.CancelAll(); }) {
    if (!settings.reader) return;
    reader_ = std::make_unique<Reader>(
        *settings.reader, [this](Canceller& canceller) { return Connect(canceller); },
        settings.batches);
  }

  ~WiredEngine() override { Drain(); }

  absl::Status Start(const CustomMethods& custom_methods) {
    const HandlerContext context{contract_, executor_, signer_, reader_.get()};
    Handlers handlers = MakeHandlers(context);
    absl::Status status = AddCustomHandlers(context, custom_methods, handlers);
    if (!status.ok()) return status;
    const Admitter admitter(settings_.authenticator, settings_.policy, settings_.audit);
    auto server = RpcServer::Start(
        settings_.rpc, contract_, std::move(handlers), admitter,
        [this](auto limit) { DrainExecutors(limit); }, settings_.calls);
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    StartCleaner();
    return absl::OkStatus();
  }

  int port() const override { return server_->port(); }

  EngineState state() const override {
    return {.queue = executor_.queue_state(),
            .queue_capacity = settings_.execution.queue.capacity,
            .workers = settings_.execution.workers,
            .clients = server_->connections_state(),
            .database = &database_,
            .claims_deleted = claims_deleted_.load(std::memory_order_relaxed),
            .is_serving = server_->is_serving(),
            .reader = reader_ == nullptr ? std::nullopt : std::optional(reader_->state())};
  }

  void Drain() override {
    if (server_ != nullptr) server_->Drain();
    // After the drain: its abort then meets no statement but its own.
    cleaner_.reset();
    if (reader_ != nullptr) reader_->Stop();
  }

 private:
  std::unique_ptr<Connection> Connect(Canceller& canceller) {
    return std::make_unique<Connection>(settings_.database, canceller, database_);
  }

  // What fails on the reader meanwhile, the writer executes.
  void DrainExecutors(Operation::TimePoint limit) {
    if (reader_ != nullptr) reader_->Drain(limit);
    executor_.Drain(limit);
  }

  void StartCleaner() {
    auto schemas = ClaimSchemas(contract_.resources());
    if (schemas.empty()) return;
    cleaner_ = std::make_unique<ClaimCleaner>(
        settings_.claims,
        ClaimCleaner::Parts{.schemas = std::move(schemas),
                            .connect = [this] { return Connect(canceller_); },
                            .pause = [this] { return PauseOfCleaner(settings_.claims.retention); },
                            .abort = [this] { canceller_.CancelAll(); },
                            .deleted =
                                [this](int64_t claims) {
                                  claims_deleted_.fetch_add(static_cast<uint64_t>(claims),
                                                            std::memory_order_relaxed);
                                }});
  }

  const EngineSettings settings_;
  const Contract& contract_;
  Canceller canceller_;
  ConnectionCounts database_;
  std::atomic<uint64_t> claims_deleted_{0};
  const PageTokenSigner signer_;
  Executor executor_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<ClaimCleaner> cleaner_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Start(const EngineSettings& settings,
                                                      const Contract& contract,
                                                      const CustomMethods& custom_methods) {
  auto engine = std::make_unique<WiredEngine>(settings, contract);
  absl::Status status = engine->Start(custom_methods);
  if (!status.ok()) return status;
  return engine;
}

}  // namespace dataservice
