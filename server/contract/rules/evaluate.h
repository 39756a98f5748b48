// Runs programs over messages.
#pragma once

#include "contract/rules/program.h"
#include "contract/rules/report.h"
#include "google/protobuf/message.h"

namespace dataservice::rules {

// `parent` is the way to `message`, null at the top. Depth is bounded by the depth of
// the message, which protobuf's parser limits.
void CheckMessage(const MessageProgram& program, const google::protobuf::Message& message,
                  const PathStep* parent, Report& report);

void CheckField(const FieldProgram& program, const google::protobuf::Message& message,
                const google::protobuf::Reflection* reflection, const PathStep* parent,
                Report& report);

}  // namespace dataservice::rules
