// The connections that are open, and what their clients have under way.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/connection/client_address.h"
#include "serve/connection/connection_limits.h"
#include "serve/connection/frame_budget.h"
#include "serve/connection/frame_counter.h"
#include "serve/connection/level.h"

namespace dataservice {

// All connections of one client.
struct Client {
  Client(const Amounts& limits, int frame_rate) : level(limits), frames(frame_rate) {}

  Level level;
  FrameBudget frames;
};

// One connection. Thread-safe.
class ClientConnection final : public Account {
 public:
  // `limits` are those of one connection.
  ClientConnection(std::shared_ptr<Level> all, std::shared_ptr<Client> client,
                   const ClientAddress& address, const Amounts& limits, std::string peer);
  ~ClientConnection() override { Close(); }

  const ClientAddress& address() const { return address_; }
  const std::string& peer() const { return peer_; }

  // Counts in all three levels, or in none if one has no room. The last eighth of what all may have
  // is for modest clients (kModestPart), so that two others cannot take all of it.
  bool Take(Counted counted, int64_t amount) override;
  void Force(Counted counted, int64_t amount);
  void Give(Counted counted, int64_t amount) override;
  // The connection is closed: what has arrived in part is freed.
  void Close();

  FrameCounter& frames() { return frames_; }

  // Whether it has at least kShortTurnCalls unary calls under way, and all connections together
  // have more than one alone may have: then it is one of several with many calls.
  bool takes_short_turns() const {
    return level_.unary_calls() >= kShortTurnCalls && all_->unary_calls() > kMaxConnectionCalls;
  }

  // The object of gRPC that reads the connection; null until it has read something. A socket of
  // this process that is no client's may have the same number later.
  std::atomic<const void*> reader{nullptr};
  // It is closed because of the frames that the client sent.
  std::atomic<bool> is_flood{false};
  // Where gRPC waits for what its socket receives: the epoll descriptor (-1: nowhere, before and
  // after), and the events and data that it registered there.
  std::atomic<int> epoll{-1};
  std::atomic<uint32_t> epoll_events{0};
  std::atomic<uint64_t> epoll_data{0};

 private:
  const std::shared_ptr<Level> all_;
  const std::shared_ptr<Client> client_;
  const ClientAddress address_;
  Level level_;
  const std::string peer_;
  FrameCounter frames_;
};

// At a moment.
struct ConnectionsState {
  int open = 0;
  int most = 0;  // that may be open
  // Connections so far that were closed because there were too many, and because of their frames.
  uint64_t refused = 0;
  uint64_t floods = 0;
  // What is under way, by Counted, of all clients and of the one that has most of it, and the most
  // that may be.
  Amounts amounts{};
  Amounts largest{};
  Amounts limits{};
};

// Thread-safe.
class ClientConnections {
 public:
  // With the limits of the settings; `most` is the number of connections in all.
  ClientConnections(const ConnectionLimits& limits, int most);

  // Adds a connection; null if there are too many in all or of its client.
  std::shared_ptr<ClientConnection> Add(const sockaddr_storage& address);
  // Removes one that is closed.
  void Remove(ClientConnection& connection);

  // The connection with this name (PeerName). Those of Unix sockets, which have no names of their
  // own, share one. Never null.
  std::shared_ptr<ClientConnection> Find(std::string_view peer) const;

  ConnectionsState state() const;
  // Unary calls that are under way.
  int64_t unary_calls() const { return all_->unary_calls(); }

  // Counts a connection that is closed although ClientConnections would permit it.
  void CountRefused() { refused_.fetch_add(1, std::memory_order_relaxed); }

  // Forgets clients that have nothing open and spent no frames lately. Called now and then.
  void Forget();

 private:
  struct Entry {
    std::shared_ptr<Client> client;
    int connections = 0;
  };

  Entry& EntryOf(const ClientAddress& address) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ConnectionLimits limits_;
  const int most_;
  const int most_of_client_;
  const std::shared_ptr<Level> all_;
  const std::shared_ptr<ClientConnection> unnamed_;
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> floods_{0};
  mutable absl::Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<ClientAddress, Entry> clients_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::shared_ptr<ClientConnection>> named_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
