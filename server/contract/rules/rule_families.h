// One function for each rules message of buf.validate. It reads the rules and appends the checks
// that enforce them. The caller calls RuleReader::Finish().
#pragma once

#include <functional>
#include <vector>

#include "absl/numeric/int128.h"
#include "contract/rules/program.h"
#include "contract/rules/rule_reader.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

using Clock = std::function<absl::int128()>;

// Any of the twelve numeric types.
void CompileNumericRules(RuleReader& reader, std::vector<Check>* checks);
void CompileBoolRules(RuleReader& reader, std::vector<Check>* checks);
void CompileEnumRules(RuleReader& reader, const google::protobuf::EnumDescriptor* type,
                      std::vector<Check>* checks);
void CompileStringRules(RuleReader& reader, std::vector<Check>* checks);
void CompileBytesRules(RuleReader& reader, std::vector<Check>* checks);
void CompileDurationRules(RuleReader& reader, std::vector<Check>* checks);
void CompileTimestampRules(RuleReader& reader, const Clock& now, std::vector<Check>* checks);
void CompileAnyRules(RuleReader& reader, std::vector<Check>* checks);
void CompileFieldMaskRules(RuleReader& reader, std::vector<Check>* checks);
// Rules of a list or map as a whole. The caller takes the rules items, keys and values.
void CompileListRules(RuleReader& reader, const google::protobuf::FieldDescriptor* field,
                      std::vector<Check>* checks);
void CompileMapRules(RuleReader& reader, std::vector<Check>* checks);

// The documented range of google.protobuf.Timestamp and Duration, from any descriptor pool.
Check TimestampRange();
Check DurationRange();

}  // namespace dataservice::rules
