// Tokens that were verified, so that a call costs no signature check.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "serve/identity/claims.h"

namespace dataservice {

// The SHA-256 digest of a token: the memory has no token itself.
using TokenDigest = std::array<uint64_t, SHA256_DIGEST_LENGTH / sizeof(uint64_t)>;
TokenDigest DigestOf(std::string_view token);

// Bounded: the tokens that were not used for longest are forgotten. Thread-safe.
class TokenMemory {
 public:
  static constexpr size_t kShards = 16;
  // Tokens of one generation of one shard; it has two generations.
  static constexpr size_t kGeneration = 512;

  // The caller of a token that was verified with the key set of this id and has not expired;
  // null otherwise.
  CallerPtr Find(const TokenDigest& digest, uint64_t key_set, absl::Time now);
  void Remember(const TokenDigest& digest, uint64_t key_set, const ClaimedCaller& claimed);

  // Tokens that it holds.
  size_t size();

 private:
  struct Entry {
    ClaimedCaller claimed;
    uint64_t key_set = 0;
  };
  using Map = absl::flat_hash_map<TokenDigest, Entry>;
  struct Shard {
    absl::Mutex mutex;
    Map recent ABSL_GUARDED_BY(mutex);
    Map older ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const TokenDigest& digest) { return shards_[digest[0] % kShards]; }
  static void Add(Shard& shard, const TokenDigest& digest, Entry entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  std::array<Shard, kShards> shards_;
};

}  // namespace dataservice
