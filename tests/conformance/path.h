// Text paths of violations ("a.b[3].c") as buf.validate.FieldPath.
#pragma once

#include <string_view>

#include "buf/validate/validate.pb.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::conformance {

// `root` is the type in which the path begins. Steps that it does not have are kept by
// name only, as the suite expects of oneofs.
buf::validate::FieldPath ParsePath(const google::protobuf::Descriptor* root, std::string_view path);

}  // namespace dataservice::conformance
