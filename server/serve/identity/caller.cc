#include "serve/identity/caller.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

const char* NameOf(CallerKind kind) {
  switch (kind) {
    case CallerKind::kAnonymous:
      return "anonymous";
    case CallerKind::kCertificate:
      return "certificate";
    case CallerKind::kToken:
      return "token";
  }
  return "";
}

const CallerPtr& AnonymousCaller() {
  static const CallerPtr& anonymous = *new CallerPtr(std::make_shared<Caller>());
  return anonymous;
}

std::string CallerKey(const Caller& caller) {
  // The length keeps two pairs from being one text.
  return absl::StrCat(NameOf(caller.kind), " issuer=", caller.issuer.size(), ":", caller.issuer,
                      " subject=", caller.subject);
}

}  // namespace dataservice
