// Runs programs over messages.
#pragma once

#include "contract/rules/program.h"
#include "contract/rules/report.h"
#include "google/protobuf/message.h"

namespace dataservice::rules {

// Check a message or a field. `parent` is the path to `message`, null for the root. The depth of
// the recursion is the depth of the message, which Protobuf's parser limits.
void CheckMessage(const MessageProgram& program, const google::protobuf::Message& message,
                  const PathStep* parent, Report& report);

void CheckField(const FieldProgram& program, const google::protobuf::Message& message,
                const google::protobuf::Reflection* reflection, const PathStep* parent,
                Report& report);

}  // namespace dataservice::rules
