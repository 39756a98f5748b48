// Protos written beside the expectations of a test.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <string>

namespace dataservice::test {

// The descriptor of a file of that name and text; imports come from the folders
// of TEST_PROTO_PATH. Fails the test if protoc refuses it.
google::protobuf::FileDescriptorProto CompileProto(const std::string& name,
                                                   const std::string& source);

}  // namespace dataservice::test
