// What google.protobuf and google.type document of their values beyond the types of
// their fields, what ProtoJSON can carry of them, and that an enum has the number. It
// holds of all data, whatever its rules are (ValidatorOptions::refuse_malformed).
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

// Whether `text` is a value of google.type.Decimal that the engine stores and compares:
// the documented grammar, at most 1000 characters, an exponent of at most four digits.
// The empty text is one, and means 0.
bool IsDecimal(std::string_view text);

}  // namespace dataservice::rules
