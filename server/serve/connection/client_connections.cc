#include "serve/connection/client_connections.h"

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "view.h"

namespace dataservice {
namespace {

Amounts LimitsOfAll(const ConnectionLimits& limits) {
  return {limits.max_calls, limits.max_streams,      kMaxHealthChecks,
          limits.max_calls, limits.max_unread_bytes, limits.max_partial_bytes};
}

Amounts LimitsOfClient(const ConnectionLimits& limits) {
  return {limits.max_calls / 2, limits.max_streams / 2,      kMaxClientHealthChecks,
          limits.max_calls / 2, limits.max_unread_bytes / 2, limits.max_partial_bytes / 2};
}

// HTTP/2 limits the calls itself; here a call ends a moment later than there.
Amounts LimitsOfConnection(const ConnectionLimits& limits) {
  return {2 * kMaxConnectionCalls, kMaxConnectionStreams,       kMaxConnectionHealthChecks,
          limits.max_calls / 2,    limits.max_unread_bytes / 2, limits.max_partial_bytes / 2};
}

}  // namespace

ClientConnection::ClientConnection(std::shared_ptr<Level> all, std::shared_ptr<Client> client,
                                   const ClientAddress& address, const Amounts& limits,
                                   std::string peer)
    : all_(std::move(all)),
      client_(std::move(client)),
      address_(address),
      level_(limits),
      peer_(std::move(peer)),
      frames_(client_->frames, *this) {}

bool ClientConnection::Take(Counted counted, int64_t amount) {
  if (!level_.Take(counted, amount)) return false;
  if (client_->level.Take(counted, amount)) {
    const int64_t most = all_->limit(counted);
    const bool is_modest =
        client_->level.amount(counted) <= std::max(most / kModestPart, int64_t{1});
    if (all_->Take(counted, amount, is_modest ? 0 : most / kKeptPart)) return true;
    client_->level.Give(counted, amount);
  }
  level_.Give(counted, amount);
  return false;
}

void ClientConnection::Force(Counted counted, int64_t amount) {
  level_.Force(counted, amount);
  client_->level.Force(counted, amount);
  all_->Force(counted, amount);
}

void ClientConnection::Give(Counted counted, int64_t amount) {
  level_.Give(counted, amount);
  client_->level.Give(counted, amount);
  all_->Give(counted, amount);
}

void ClientConnection::Close() {
  const int64_t bytes = level_.Clear(Counted::kPartialBytes);
  client_->level.Give(Counted::kPartialBytes, bytes);
  all_->Give(Counted::kPartialBytes, bytes);
}

ClientConnections::ClientConnections(const ConnectionLimits& limits, int most)
    : limits_(limits),
      most_(most),
      most_of_client_(limits.max_client_connections > 0 ? limits.max_client_connections
                                                        : std::max(most / 2, 1)),
      all_(std::make_shared<Level>(LimitsOfAll(limits))),
      unnamed_(std::make_shared<ClientConnection>(all_,
                                                  std::make_shared<Client>(LimitsOfAll(limits), 0),
                                                  ClientAddress(), LimitsOfAll(limits), "")) {}

ClientConnections::Entry& ClientConnections::EntryOf(const ClientAddress& address) {
  Entry& entry = clients_[address];
  if (entry.client == nullptr) {
    entry.client = std::make_shared<Client>(LimitsOfClient(limits_), limits_.max_client_frame_rate);
  }
  return entry;
}

std::shared_ptr<ClientConnection> ClientConnections::Add(const sockaddr_storage& address) {
  const ClientAddress client(address);
  absl::MutexLock lock(&mutex_);
  Entry& entry = EntryOf(client);
  const bool is_full = !client.is_unix_socket() && entry.connections >= most_of_client_;
  if (open_ >= most_ || is_full) {
    CountRefused();
    return nullptr;
  }
  ++open_;
  ++entry.connections;
  auto connection = std::make_shared<ClientConnection>(
      all_, entry.client, client, LimitsOfConnection(limits_), PeerName(address));
  if (!connection->peer().empty()) named_[connection->peer()] = connection;
  return connection;
}

void ClientConnections::Remove(ClientConnection& connection) {
  connection.Close();
  if (connection.is_flood) floods_.fetch_add(1, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  --open_;
  --EntryOf(connection.address()).connections;
  // The client may have another connection from the same port by now.
  const auto found = named_.find(connection.peer());
  if (found != named_.end() && found->second.get() == &connection) named_.erase(found);
}

std::shared_ptr<ClientConnection> ClientConnections::Find(std::string_view peer) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = named_.find(View(peer));
  return found == named_.end() ? unnamed_ : found->second;
}

ConnectionsState ClientConnections::state() const {
  ConnectionsState state{.most = most_,
                         .refused = refused_.load(std::memory_order_relaxed),
                         .floods = floods_.load(std::memory_order_relaxed),
                         .amounts = all_->amounts(),
                         .limits = LimitsOfAll(limits_)};
  absl::ReaderMutexLock lock(&mutex_);
  state.open = open_;
  for (const auto& [address, entry] : clients_) {
    const Amounts amounts = entry.client->level.amounts();
    for (size_t i = 0; i < kCounted; ++i) {
      state.largest[i] = std::max(state.largest[i], amounts[i]);
    }
  }
  return state;
}

void ClientConnections::Forget() {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(clients_, [](auto& entry) {
    const auto& [client, connections] = entry.second;
    return connections == 0 && client->level.is_empty() && client->frames.is_unused();
  });
}

}  // namespace dataservice
