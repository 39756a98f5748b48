#include "serve/rpc/server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine_limits.h"
#include "log.h"
#include "serve/rpc/call.h"
#include "serve/rpc/calls.h"
#include "serve/rpc/grpc_repairs.h"
#include "serve/rpc/health.h"
#include "serve/rpc/listen_address.h"
#include "serve/rpc/reflection.h"
#include "serve/rpc/tls_credentials.h"
#include "view.h"

namespace dataservice {
namespace {

// Calls that wait to be accepted: one alone would limit the rate.
constexpr int kAccepting = 256;

// A client may ping its connection so often, also while it has no call. One that
// pings faster again and again is cut off (GOAWAY, too_many_pings): clients' own
// keepalive pings come every 10 s at most in Java and Go.
constexpr std::chrono::milliseconds kMinPingInterval{1000};

// A drain waits for so long without a new call, and at most so long for that.
constexpr absl::Duration kQuiet = absl::Milliseconds(100);
constexpr absl::Duration kMostPatience = absl::Seconds(2);

std::set<std::string> NamesOf(const Contract& contract) {
  std::set<std::string> names;
  for (const auto* service : contract.services()) names.insert(service->full_name());
  return names;
}

class Server final : public RpcServer, private Edge {
 public:
  Server(const RpcSettings& settings, const Contract& contract, Handlers handlers,
         const Admitter& admitter, DrainWork drain_work)
      : settings_(settings),
        admitter_(admitter),
        drain_work_(std::move(drain_work)),
        health_(NamesOf(contract)) {
    for (auto& handler : handlers.unary) Add(std::move(handler));
    for (auto& handler : handlers.streams) Add(std::move(handler));
    Add(MakeHealthCheckHandler(health_));
    Add(MakeHealthWatchHandler(health_));
    std::set<std::string> services = NamesOf(contract);
    services.insert(kHealthService);
    services.merge(ReflectionServices());
    for (auto& handler : MakeReflectionHandlers(services)) Add(std::move(handler));
    Add(MakeCallsHandler(
        {.find_handler = [this](std::string_view path) { return FindUnary(path); },
         .admit = [this](const auto& call, auto path) { return Admit(call, path); },
         .default_deadline = settings_.default_deadline,
         .has_spare_thread = has_spare_thread()}));
  }

  ~Server() override { Drain(); }

  absl::Status Listen() {
    absl::Status secured = Secure();
    if (!secured.ok()) return secured;
    if (!GrpcIsRepaired()) LogWarning("grpc_not_repaired", {{"grpc", grpc::Version()}});
    grpc::EnableDefaultHealthCheckService(false);
    grpc::ServerBuilder builder;
    // A second server on the same port is a mistake that must be seen.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               static_cast<int>(kMinPingInterval.count()));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.SetMaxReceiveMessageSize(settings_.max_message_bytes);
    // gRPC unpacks a message before it looks at its size.
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
    builder.AddListeningPort(settings_.address, credentials_, &port_);
    builder.RegisterAsyncGenericService(&generic_);
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      server_.reset();
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", settings_.address, ": is the port taken?"));
    }
    for (int i = 0; i < kAccepting; ++i) AcceptNext();
    for (int i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { Poll(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Drain() override {
    if (server_ == nullptr) return;
    health_.SetServing(false);
    std::this_thread::sleep_for(settings_.drain_delay);
    const auto limit = std::chrono::system_clock::now() + settings_.drain_timeout;
    WaitForQuiet(absl::FromChrono(limit));
    server_->Shutdown(limit);
    drain_work_(limit);
    WaitForCalls();
    queue_->Shutdown();
    for (std::thread& thread : threads_) thread.join();
    server_.reset();
  }

 private:
  void Add(std::unique_ptr<UnaryHandler> handler) {
    routes_.emplace(handler->path(), handler.get());
    unary_.push_back(std::move(handler));
  }
  void Add(std::unique_ptr<StreamHandler> handler) {
    routes_.emplace(handler->path(), handler.get());
    streams_.push_back(std::move(handler));
  }

  absl::Status Secure() {
    if (settings_.tls.enabled()) {
      auto credentials = MakeTlsCredentials(settings_.tls);
      if (credentials.ok()) credentials_ = *std::move(credentials);
      return credentials.status();
    }
    credentials_ = grpc::InsecureServerCredentials();
    if (IsLocalAddress(settings_.address)) return absl::OkStatus();
    if (!settings_.allow_cleartext) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--grpc_address ", settings_.address,
          " can be reached from other machines: set --tls_certificate and --tls_key, or "
          "--allow_cleartext if the network protects the connections"));
    }
    LogWarning("cleartext", {{"address", settings_.address},
                             {"advice",
                              "other machines connect without TLS, as --allow_cleartext "
                              "permits"}});
    return absl::OkStatus();
  }

  void Poll() {
    void* tag;
    bool ok;
    while (queue_->Next(&tag, &ok)) {
      const auto [call, event] = *static_cast<Call::Tag*>(tag);
      call->Proceed(event, ok);
    }
  }

  void Free(Call* call) override {
    delete call;
    absl::MutexLock lock(&mutex_);
    --calls_;
  }

  // gRPC's own shutdown cancels what arrives while it begins. So new calls are
  // refused first, until those under way are over and none has come for a while.
  void WaitForQuiet(absl::Time limit) {
    absl::MutexLock lock(&mutex_);
    refusing_ = true;
    draining_ = true;
    const absl::Time patience = std::min(limit, absl::Now() + kMostPatience);
    mutex_.AwaitWithDeadline(absl::Condition(
                                 +[](int* n) { return *n == 0; }, &under_way_),
                             limit);
    while (absl::Now() < patience) {
      came_ = false;
      if (!mutex_.AwaitWithTimeout(absl::Condition(&came_), kQuiet)) return;
    }
  }

  // A queue that is shut down takes no more tags, so no call may be left.
  void WaitForCalls() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* calls) { return *calls == 0; }, &calls_));
  }

  Route FindRoute(std::string_view path) const override {
    const auto found = routes_.find(View(path));
    return found == routes_.end() ? Route() : found->second;
  }
  const UnaryHandler* FindUnary(std::string_view path) const {
    const Route route = FindRoute(path);
    const auto* unary = std::get_if<const UnaryHandler*>(&route);
    return unary == nullptr ? nullptr : *unary;
  }
  std::chrono::milliseconds default_deadline() const override { return settings_.default_deadline; }
  absl::StatusOr<Admission> Admit(const RequestMetadata& call,
                                  std::string_view path) const override {
    return admitter_.Admit(call, path);
  }
  bool Enter() override {
    absl::MutexLock lock(&mutex_);
    ++under_way_;
    came_ = true;
    return !refusing_;
  }
  void Leave() override {
    absl::MutexLock lock(&mutex_);
    --under_way_;
  }
  bool has_spare_thread() const override { return settings_.threads > 1; }
  bool draining() const override { return draining_; }
  void AcceptNext() override {
    {
      absl::MutexLock lock(&mutex_);
      ++calls_;
    }
    // Owned by its tags (see Call); freed in Free.
    new Call(*this, generic_, *queue_);
  }

  const RpcSettings settings_;
  const Admitter admitter_;
  const DrainWork drain_work_;
  Health health_;
  std::vector<std::unique_ptr<UnaryHandler>> unary_;
  std::vector<std::unique_ptr<StreamHandler>> streams_;
  absl::flat_hash_map<std::string, Route> routes_;
  grpc::AsyncGenericService generic_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;  // which the server uses
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
  int port_ = 0;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;      // accepted, and those that wait for one
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;  // accepted
  bool came_ ABSL_GUARDED_BY(mutex_) = false;
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<bool> draining_{false};  // the same, for streams that look again and again
};

}  // namespace

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(const RpcSettings& settings,
                                                            const Contract& contract,
                                                            Handlers handlers,
                                                            const Admitter& admitter,
                                                            DrainWork drain_work) {
  auto server = std::make_unique<Server>(settings, contract, std::move(handlers), admitter,
                                         std::move(drain_work));
  absl::Status status = server->Listen();
  if (!status.ok()) return status;
  return server;
}

}  // namespace dataservice
