#include "serve/connection/watched_sockets.h"

#include <array>
#include <atomic>
#include <utility>

namespace dataservice {
namespace {

// By the number of the socket, in blocks that are made when they are needed and never freed, so
// that no lock is necessary: a number is given to a new connection only after gRPC has closed the
// old one, and so reads and writes it no more.
constexpr size_t kSocketsOfBlock = 1024;
constexpr size_t kBlocks = 1024;
using Block = std::array<std::shared_ptr<ClientConnection>, kSocketsOfBlock>;

std::array<std::atomic<Block*>, kBlocks>& Blocks() {
  static auto* const blocks = new std::array<std::atomic<Block*>, kBlocks>();
  return *blocks;
}

}  // namespace

void WatchSocket(int socket, std::shared_ptr<ClientConnection> connection) {
  const size_t number = static_cast<size_t>(socket);
  if (number >= kSocketsOfBlock * kBlocks) return;
  std::atomic<Block*>& place = Blocks()[number / kSocketsOfBlock];
  Block* block = place.load(std::memory_order_acquire);
  if (block == nullptr) {
    auto* const made = new Block();
    if (place.compare_exchange_strong(block, made)) {
      block = made;
    } else {
      delete made;
    }
  }
  (*block)[number % kSocketsOfBlock] = std::move(connection);
}

ClientConnection* WatchedConnection(int socket) {
  const size_t number = static_cast<size_t>(socket);
  if (number >= kSocketsOfBlock * kBlocks) return nullptr;
  Block* block = Blocks()[number / kSocketsOfBlock].load(std::memory_order_acquire);
  return block == nullptr ? nullptr : (*block)[number % kSocketsOfBlock].get();
}

}  // namespace dataservice
