#include "serve/identity/token_memory.h"

#include <openssl/evp.h>

#include <cstring>
#include <utility>

namespace dataservice {

// EVP_sha256() would look the algorithm up again for each token.
TokenDigest DigestOf(std::string_view token) {
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                                EVP_MD_CTX_free);
  unsigned char bytes[SHA256_DIGEST_LENGTH] = {};
  EVP_DigestInit_ex(context.get(), sha256, nullptr);
  EVP_DigestUpdate(context.get(), token.data(), token.size());
  EVP_DigestFinal_ex(context.get(), bytes, nullptr);
  TokenDigest digest;
  std::memcpy(digest.data(), bytes, sizeof bytes);
  return digest;
}

CallerPtr TokenMemory::Find(const TokenDigest& digest, uint64_t key_set, absl::Time now) {
  Shard& shard = ShardOf(digest);
  absl::MutexLock lock(&shard.mutex);
  auto found = shard.recent.find(digest);
  const bool is_recent = found != shard.recent.end();
  if (!is_recent) {
    found = shard.older.find(digest);
    if (found == shard.older.end()) return nullptr;
  }
  if (found->second.key_set != key_set || now >= found->second.claimed.expires) return nullptr;
  CallerPtr caller = found->second.claimed.caller;
  if (!is_recent) {
    Entry entry = std::move(found->second);
    shard.older.erase(found);
    Add(shard, digest, std::move(entry));
  }
  return caller;
}

void TokenMemory::Remember(const TokenDigest& digest, uint64_t key_set,
                           const ClaimedCaller& claimed) {
  Shard& shard = ShardOf(digest);
  absl::MutexLock lock(&shard.mutex);
  Add(shard, digest, {claimed, key_set});
}

void TokenMemory::Add(Shard& shard, const TokenDigest& digest, Entry entry) {
  if (shard.recent.size() >= kGeneration) {
    shard.older = std::move(shard.recent);
    shard.recent.clear();
  }
  shard.recent.insert_or_assign(digest, std::move(entry));
}

size_t TokenMemory::size() {
  size_t size = 0;
  for (Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    size += shard.recent.size() + shard.older.size();
  }
  return size;
}

}  // namespace dataservice
