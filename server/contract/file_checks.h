// Checks of files and messages. Each reports problems to `diagnostics`.
#pragma once

#include <google/protobuf/descriptor.h>

#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Rejects files that are named twice or not in proto3, and storage options of messages that are
// not stored.
void CheckFiles(const std::vector<const google::protobuf::FileDescriptor*>& files,
                Diagnostics& diagnostics);

// Rejects names and sizes that PostgreSQL does not allow.
void CheckTable(const Resource& resource, Diagnostics& diagnostics);

// Rejects messages stored as JSON whose annotations the engine supports for columns only.
void CheckStoredMessages(const Resource& resource, Diagnostics& diagnostics);

}  // namespace dataservice
