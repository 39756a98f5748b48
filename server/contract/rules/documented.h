// Checks that apply to all data, with or without rules (ValidatorOptions::refuse_malformed): values
// of google.protobuf and google.type are valid by the documentation of these packages, ProtoJSON
// can express them, and enums have the number.
#pragma once

#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/validator.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

// Appends the checks of one value of the field. Messages are read by their field
// numbers, so they may be of any descriptor pool.
void CompileDocumented(const google::protobuf::FieldDescriptor* field,
                       const ValidatorOptions& options, std::vector<Check>* checks);

// Whether `text` is a value of google.type.Decimal that the engine can store and compare: it has
// the documented grammar, at most 1000 characters and an exponent of at most four digits. The
// empty text is valid and means 0.
bool IsDecimal(std::string_view text);

}  // namespace dataservice::rules
