// What the files and messages of a contract cannot be.
#pragma once

#include <google/protobuf/descriptor.h>

#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Files named twice or not in proto3, and storage options where nothing is
// stored.
void CheckFiles(const std::vector<const google::protobuf::FileDescriptor*>& files,
                Diagnostics& diagnostics);

// Names and sizes that PostgreSQL does not allow.
void CheckTable(const Resource& resource, Diagnostics& diagnostics);

// The messages that a resource stores as JSON: what the engine keeps for rows
// only, it does not keep for them.
void CheckStoredMessages(const Resource& resource, Diagnostics& diagnostics);

}  // namespace dataservice
