#include "serve/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine_limits.h"
#include "log.h"
#include "serve/connection/acceptor.h"
#include "serve/connection/listen_address.h"
#include "serve/rpc/call.h"
#include "serve/rpc/calls.h"
#include "serve/rpc/event_loop.h"
#include "serve/rpc/grpc_frames.h"
#include "serve/rpc/grpc_repairs.h"
#include "serve/rpc/health.h"
#include "serve/rpc/open_calls.h"
#include "serve/rpc/pollers.h"
#include "serve/rpc/reflection.h"
#include "serve/rpc/socket_turns.h"
#include "serve/rpc/tls_credentials.h"
#include "view.h"

namespace dataservice {
namespace {

// Calls that wait to be accepted: one alone would limit the rate.
constexpr int kAccepting = 64;
// The same of health checks.
constexpr int kAcceptingHealth = 4;

// A client may ping its connection so often, also while it has no call. One that
// pings faster again and again is cut off (GOAWAY, too_many_pings): clients' own
// keepalive pings come every 10 s at most in Java and Go.
constexpr std::chrono::milliseconds kMinPingInterval{1000};

Tick TicksOf(std::chrono::milliseconds time) { return static_cast<Tick>(time / kStreamTick); }

// A message of the largest size must fit into what one client may have.
ConnectionLimits LimitsOf(const RpcSettings& settings) {
  ConnectionLimits limits = settings.limits;
  limits.max_partial_bytes =
      std::max(limits.max_partial_bytes, int64_t{4} * settings.max_message_bytes);
  return limits;
}

std::set<std::string> NamesOf(const Contract& contract) {
  std::set<std::string> names;
  for (const auto* service : contract.services()) names.insert(service->full_name());
  return names;
}

class Server final : public RpcServer, private Edge {
 public:
  Server(const RpcSettings& settings, const Contract& contract, Handlers handlers,
         const Admitter& admitter, DrainWork drain_work, CallObserver* observer)
      : settings_(settings),
        observer_(observer),
        admitter_(admitter),
        drain_work_(std::move(drain_work)),
        health_(NamesOf(contract)),
        pollers_(settings.threads),
        connections_(LimitsOf(settings), MostConnections(settings.limits)) {
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
         .pollers = pollers_,
         .observer = observer}));
  }

  ~Server() override { Drain(); }

  absl::Status Listen() {
    absl::Status secured = Secure();
    if (!secured.ok()) return secured;
    if (!GrpcIsRepaired() || !GrpcFramesAreCounted() || !SocketsTakeTurns()) {
      LogWarning("grpc_not_repaired", {{"grpc", grpc::Version()}});
    }
    auto listener = Listener::Open(settings_.address);
    if (!listener.ok()) return listener.status();
    LimitMessages(static_cast<size_t>(settings_.max_message_bytes));
    grpc::EnableDefaultHealthCheckService(false);
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConnectionCalls);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               static_cast<int>(kMinPingInterval.count()));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                               static_cast<int>(settings_.limits.handshake_timeout.count()));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                               static_cast<int>(settings_.limits.idle_timeout.count()));
    builder.SetMaxReceiveMessageSize(settings_.max_message_bytes);
    // gRPC unpacks a message before it looks at its size.
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
    accepted_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials_);
    queue_ = builder.AddCompletionQueue();
    events_ = std::make_unique<EventLoop>(*queue_, pollers_, connections_);
    other_calls_.Register(builder, *queue_);
    health_checks_.Register(builder, *queue_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return absl::InternalError("gRPC did not start");
    for (int i = 0; i < kAccepting; ++i) AcceptNext(other_calls_);
    for (int i = 0; i < kAcceptingHealth; ++i) AcceptNext(health_checks_);
    for (int i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { events_->Run(); });
    auto acceptor =
        Acceptor::Start(*std::move(listener), connections_, [this](int socket) { Serve(socket); });
    if (!acceptor.ok()) return acceptor.status();
    acceptor_ = *std::move(acceptor);
    return absl::OkStatus();
  }

  int port() const override { return acceptor_->port(); }
  bool is_serving() const override { return health_.serving(); }
  ConnectionsState connections_state() const override { return connections_.state(); }

  void Drain() override {
    if (server_ == nullptr) return;
    health_.SetServing(false);
    std::this_thread::sleep_for(settings_.drain_delay);
    const auto limit = std::chrono::system_clock::now() + settings_.drain_timeout;
    // gRPC's own shutdown cancels what arrives while it begins. So new calls are refused first.
    open_calls_.WaitForQuiet(absl::FromChrono(limit));
    if (acceptor_ != nullptr) acceptor_->StopAccepting();
    server_->Shutdown(limit);
    drain_work_(limit);
    WaitForCalls();
    queue_->Shutdown();
    pollers_.Stop();
    for (std::thread& thread : threads_) thread.join();
    events_.reset();
    server_.reset();
    acceptor_.reset();
  }

 private:
  void Serve(int socket) {
    // A thread makes the handshake inside Next(), where it counts as waiting.
    pollers_.Wake();
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = socket;
    accepted_->HandleNewConnection(&connection);
  }

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

  void Free(Call* call) override {
    delete call;
    absl::MutexLock lock(&mutex_);
    --calls_;
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
  Pollers& pollers() override { return pollers_; }
  OpenCalls& open_calls() override { return open_calls_; }
  CallObserver* observer() const override { return observer_; }
  const ClientConnections& connections() const override { return connections_; }
  Tick request_ticks() const override { return TicksOf(settings_.limits.request_timeout); }
  Tick unread_ticks() const override { return TicksOf(settings_.limits.unread_timeout); }
  void AcceptNext(CallSource& source) override {
    {
      absl::MutexLock lock(&mutex_);
      ++calls_;
    }
    // Owned by its tags (see Call); freed in Free.
    new Call(*this, source);
  }

  const RpcSettings settings_;
  CallObserver* const observer_;
  const Admitter admitter_;
  const DrainWork drain_work_;
  Health health_;
  std::vector<std::unique_ptr<UnaryHandler>> unary_;
  std::vector<std::unique_ptr<StreamHandler>> streams_;
  absl::flat_hash_map<std::string, Route> routes_;
  OtherCalls other_calls_;
  HealthChecks health_checks_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;  // which the server uses
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> accepted_;
  std::unique_ptr<grpc::Server> server_;
  Pollers pollers_;
  ClientConnections connections_;
  std::unique_ptr<EventLoop> events_;
  std::vector<std::thread> threads_;
  std::unique_ptr<Acceptor> acceptor_;
  OpenCalls open_calls_;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;  // accepted, and those that wait for one
};

}  // namespace

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcSettings& settings, const Contract& contract, Handlers handlers,
    const Admitter& admitter, DrainWork drain_work, CallObserver* observer) {
  auto server = std::make_unique<Server>(settings, contract, std::move(handlers), admitter,
                                         std::move(drain_work), observer);
  absl::Status status = server->Listen();
  if (!status.ok()) return status;
  return server;
}

}  // namespace dataservice
