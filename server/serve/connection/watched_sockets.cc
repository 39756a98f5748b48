#include "serve/connection/watched_sockets.h"

#include <array>
#include <atomic>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace dataservice {
namespace {

// By the number of the socket, in blocks that are made when they are needed and never freed, so
// that reads need no lock: a number is given to a new connection only after gRPC has closed the
// old one, and so reads and writes it no more.
constexpr size_t kSocketsOfBlock = 1024;
constexpr size_t kBlocks = 1024;
struct Watched {
  std::shared_ptr<ClientConnection> owned;
  std::atomic<ClientConnection*> connection{nullptr};
};
using Block = std::array<Watched, kSocketsOfBlock>;

std::array<std::atomic<Block*>, kBlocks>& Blocks() {
  static auto* const blocks = new std::array<std::atomic<Block*>, kBlocks>();
  return *blocks;
}

}  // namespace

void WatchSocket(int socket, std::shared_ptr<ClientConnection> connection) {
  const size_t number = static_cast<size_t>(socket);
  if (number >= kSocketsOfBlock * kBlocks) return;
  static absl::Mutex mutex(absl::kConstInit);
  absl::MutexLock lock(&mutex);
  std::atomic<Block*>& place = Blocks()[number / kSocketsOfBlock];
  Block* block = place.load(std::memory_order_relaxed);
  if (block == nullptr) {
    block = new Block();
    place.store(block, std::memory_order_release);
  }
  Watched& watched = (*block)[number % kSocketsOfBlock];
  watched.connection.store(connection.get(), std::memory_order_release);
  watched.owned = std::move(connection);
}

ClientConnection* WatchedConnection(int socket) {
  const size_t number = static_cast<size_t>(socket);
  if (number >= kSocketsOfBlock * kBlocks) return nullptr;
  Block* block = Blocks()[number / kSocketsOfBlock].load(std::memory_order_acquire);
  if (block == nullptr) return nullptr;
  return (*block)[number % kSocketsOfBlock].connection.load(std::memory_order_acquire);
}

}  // namespace dataservice
