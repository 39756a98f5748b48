// What breaks of stored data; breaking.h says what that is.
#pragma once

#include "contract/contract.h"
#include "schema/breaking/findings.h"
#include "schema/breaking/json.h"

namespace dataservice::breaking {

// A column's identity is its number, so that a field with another name keeps its data;
// inside jsonb it is the name in ProtoJSON.
void CompareStorage(const Contract& before, const Contract& after, Findings& findings);

// The parts of it.

// What a column of a resource that is still there becomes, but for its reference.
void CompareColumns(const Resource& before, const Column& was, const Resource& after,
                    const Column& is, JsonComparison& json, Findings& findings);

// Whether two columns of one number may be the same, under another name.
bool MayBeRenamed(const Column& was, const Column& is);

}  // namespace dataservice::breaking
