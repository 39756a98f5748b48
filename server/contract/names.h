// Conversions of names.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

namespace dataservice {

// "OrderLine" -> "order_line", "HTTPServer" -> "http_server".
std::string SnakeCase(std::string_view name);

// "shop.v1beta1" -> "shop": drops a version at the end and replaces dots by underscores.
std::string SchemaOfPackage(std::string_view package);

// Whether `name` is the plural of the message's name: the plural of google.api.resource if it is
// set, otherwise an English one ("Boxes", "Categories", "Orders").
bool IsPluralOf(std::string_view name, const google::protobuf::Descriptor& message);

}  // namespace dataservice
