#include "serve/identity/base64url.h"

#include "absl/strings/escaping.h"
#include "view.h"

namespace dataservice {

// abseil's decoder is lenient: the comparison refuses what it would forgive.
std::optional<std::string> DecodeBase64Url(std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(View(text), &bytes)) return std::nullopt;
  if (absl::WebSafeBase64Escape(bytes) != View(text)) return std::nullopt;
  return bytes;
}

}  // namespace dataservice
