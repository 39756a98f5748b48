// Descriptor sets of protos written beside the expectations of a test.
#pragma once

#include <map>
#include <string>

namespace dataservice::test {

// The bytes that `protoc --include_imports -o` writes of files of these names and texts,
// all in one; without `imports`, of those files alone. Fails the test if protoc refuses them.
std::string CompileSet(const std::map<std::string, std::string>& files, bool imports = true);

// The text of a proto3 file of package test.v1 with that body and the usual imports. A body
// that begins with a package has its own.
std::string ProtoText(const std::string& body);

}  // namespace dataservice::test
