#include "serve/identity/key_set.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "serve/identity/strict_json.h"

namespace dataservice {
namespace {

uint64_t NextId() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

bool HasDuplicates(const std::vector<VerificationKey>& keys) {
  std::set<std::pair<std::string, SignatureAlgorithm>> seen;
  return !std::all_of(keys.begin(), keys.end(), [&](const VerificationKey& key) {
    return key.kid().empty() || seen.emplace(key.kid(), key.algorithm()).second;
  });
}

}  // namespace

KeySet::KeySet(std::vector<VerificationKey> keys) : id_(NextId()), keys_(std::move(keys)) {}

absl::StatusOr<std::shared_ptr<const KeySet>> KeySet::Parse(std::string_view json) {
  const auto object = ParseJsonObject(json);
  if (!object.ok()) return object.status();
  const auto found = object->fields().find("keys");
  if (found == object->fields().end() || !found->second.has_list_value()) {
    return absl::InvalidArgumentError("it is not a JWK Set: it has no list `keys`");
  }
  const auto& values = found->second.list_value().values();
  if (values.size() > kMaxKeys) {
    return absl::InvalidArgumentError(absl::StrCat("it has more than ", kMaxKeys, " keys"));
  }
  std::vector<VerificationKey> keys;
  std::string refusal = "it has no keys";
  for (const auto& value : values) {
    auto key = VerificationKey::FromJwk(value.struct_value());
    if (key.ok()) {
      keys.push_back(*std::move(key));
    } else {
      refusal = std::string(key.status().message());
    }
  }
  if (keys.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("it has no key that can be used: ", refusal));
  }
  if (HasDuplicates(keys)) {
    return absl::InvalidArgumentError("two of its keys have the same type and kid");
  }
  return std::shared_ptr<const KeySet>(new KeySet(std::move(keys)));
}

bool KeySet::Knows(std::string_view kid) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const VerificationKey& key) { return key.kid() == kid; });
}

const VerificationKey* KeySet::Find(std::string_view kid, SignatureAlgorithm algorithm) const {
  const VerificationKey* found = nullptr;
  for (const VerificationKey& key : keys_) {
    if (key.algorithm() != algorithm || (!kid.empty() && key.kid() != kid)) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

}  // namespace dataservice
