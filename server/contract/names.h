// Names: singular and plural, cases.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

namespace dataservice {

// "OrderLine" -> "order_line", "HTTPServer" -> "http_server".
std::string SnakeCase(std::string_view name);

// "shop.v1beta1" -> "shop": dots become underscores, a last part
// that is a version is dropped.
std::string SchemaOfPackage(std::string_view package);

// Whether `name` is a plural of `message`: that of google.api.resource where
// given, else an English one ("Boxes", "Categories", "Orders").
bool IsPluralOf(std::string_view name, const google::protobuf::Descriptor& message);

}  // namespace dataservice
