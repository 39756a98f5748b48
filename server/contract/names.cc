#include "contract/names.h"

#include <cctype>

#include "absl/strings/ascii.h"
#include "google/api/resource.pb.h"

namespace dataservice {
namespace {

bool IsVersion(std::string_view part) {
  return part.size() >= 2 && part[0] == 'v' && std::isdigit(static_cast<unsigned char>(part[1]));
}

}  // namespace

std::string SnakeCase(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool starts_word = absl::ascii_isupper(c) && i > 0 && name[i - 1] != '_' &&
                             (!absl::ascii_isupper(name[i - 1]) ||
                              (i + 1 < name.size() && absl::ascii_islower(name[i + 1])));
    if (starts_word) out += '_';
    out += absl::ascii_tolower(c);
  }
  return out;
}

std::string SchemaOfPackage(std::string_view package) {
  const size_t dot = package.rfind('.');
  if (dot != std::string_view::npos && IsVersion(package.substr(dot + 1))) {
    package = package.substr(0, dot);
  }
  std::string out = package.empty() ? "public" : std::string(package);
  for (char& c : out) {
    if (c == '.') c = '_';
  }
  return out;
}

bool IsPluralOf(std::string_view name, const google::protobuf::Descriptor& message) {
  const std::string& declared = message.options().GetExtension(google::api::resource).plural();
  if (!declared.empty()) {
    std::string pascal = declared;
    pascal[0] = absl::ascii_toupper(pascal[0]);
    return name == pascal;
  }
  const std::string& singular = message.name();
  if (name == singular + "s" || name == singular + "es") return true;
  return singular.back() == 'y' && name == singular.substr(0, singular.size() - 1) + "ies";
}

}  // namespace dataservice
